#include "nodeagent/network/reset.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

namespace cacheplane::network {
namespace {

// With a far end, and perhaps with something unsent.
constexpr std::uint32_t kNotListening = 0xfffU & ~(1U << TCP_LISTEN) & ~(1U << TCP_CLOSE) & ~(1U << TCP_TIME_WAIT);
constexpr std::size_t kBuffer = 32768;

struct Message {
  nlmsghdr header;
  inet_diag_req_v2 request;
};

Error Failure(const char* what) { return Unavailable(fmt::format("sock_diag: {}: {}", what, std::strerror(errno))); }

class Diagnosis {
 public:
  Diagnosis() : socket_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {}
  ~Diagnosis() {
    if (socket_ >= 0) close(socket_);
  }
  Diagnosis(const Diagnosis&) = delete;
  Diagnosis& operator=(const Diagnosis&) = delete;

  bool ok() const { return socket_ >= 0; }

  bool Send(int type, int flags, const inet_diag_req_v2& request) {
    Message message{};
    message.header.nlmsg_len = sizeof message;
    message.header.nlmsg_type = static_cast<std::uint16_t>(type);
    message.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    message.request = request;
    return send(socket_, &message, sizeof message, 0) == static_cast<ssize_t>(sizeof message);
  }

  // Of an answer to Send: its messages are handed to `each` until it says that they are enough.
  template <typename Each>
  bool Receive(Each each) {
    std::vector<char> buffer(kBuffer);
    for (;;) {
      const ssize_t size = recv(socket_, buffer.data(), buffer.size(), 0);
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) return false;
      auto left = static_cast<std::uint32_t>(size);
      for (auto* header = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(header, left);
           header = NLMSG_NEXT(header, left)) {
        if (each(*header)) return true;
      }
    }
  }

 private:
  const int socket_;
};

// 0, or the error of a message that ends an answer.
int ErrorOf(nlmsghdr& header) {
  return header.nlmsg_type == NLMSG_ERROR ? -static_cast<nlmsgerr*>(NLMSG_DATA(&header))->error : 0;
}

Result<std::vector<inet_diag_sockid>> ConnectionsOf(Diagnosis& diagnosis, const SocketAddress& local) {
  inet_diag_req_v2 request{};
  request.sdiag_family = AF_INET;
  request.sdiag_protocol = IPPROTO_TCP;
  request.idiag_states = kNotListening;
  in_addr address{};
  inet_pton(AF_INET, local.address.c_str(), &address);
  if (!diagnosis.Send(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, request)) return Failure("send");
  std::vector<inet_diag_sockid> found;
  int error = 0;
  const bool received = diagnosis.Receive([&](nlmsghdr& header) {
    error = ErrorOf(header);
    if (header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR) return true;
    const inet_diag_sockid& id = static_cast<inet_diag_msg*>(NLMSG_DATA(&header))->id;
    if (id.idiag_src[0] == address.s_addr && id.idiag_sport == htons(local.port)) found.push_back(id);
    return false;
  });
  errno = error;
  if (!received || error != 0) return Failure("list");
  return found;
}

// One that ended by itself meanwhile is as good as reset.
Status Destroy(Diagnosis& diagnosis, const inet_diag_sockid& id) {
  inet_diag_req_v2 request{};
  request.sdiag_family = AF_INET;
  request.sdiag_protocol = IPPROTO_TCP;
  request.idiag_states = kNotListening;
  request.id = id;
  if (!diagnosis.Send(SOCK_DESTROY, NLM_F_ACK, request)) return Failure("send");
  int error = 0;
  const bool received = diagnosis.Receive([&](nlmsghdr& header) {
    error = ErrorOf(header);
    return header.nlmsg_type == NLMSG_ERROR;
  });
  errno = error;
  if (!received || (error != 0 && error != ENOENT && error != EOPNOTSUPP)) return Failure("destroy");
  return {};
}

}  // namespace

Status ResetConnections(const SocketAddress& local) {
  Diagnosis diagnosis;
  if (!diagnosis.ok()) return Failure("socket");
  CP_ASSIGN_OR_RETURN(const auto connections, ConnectionsOf(diagnosis, local));
  Status first;
  for (const inet_diag_sockid& id : connections) {
    if (const Status destroyed = Destroy(diagnosis, id); first.ok()) first = destroyed;
  }
  return first;
}

}  // namespace cacheplane::network
