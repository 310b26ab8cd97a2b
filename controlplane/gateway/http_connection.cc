#include "controlplane/gateway/http_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "common/text.h"
#include "controlplane/gateway/json_error.h"

namespace cacheplane::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::size_t kReadSize = 8 * 1024;
constexpr std::size_t kBufferLimit = 64 * 1024;
constexpr std::chrono::seconds kLinger{2};
constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nConnection: close\r\n"
    "Content-Length: 70\r\n\r\n{\"error\":{\"code\":\"UNAVAILABLE\",\"message\":\"too many open connections\"}}";

HttpRequest ToRequest(http::request<http::string_body>&& message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  const std::string_view target(message.target().data(), message.target().size());
  const std::size_t mark = target.find('?');
  request.path = std::string(target.substr(0, mark));
  if (mark != std::string_view::npos) request.query = std::string(target.substr(mark + 1));
  for (const auto& field : message) {
    request.headers.emplace_back(ToLower({field.name_string().data(), field.name_string().size()}),
                                 std::string(field.value()));
  }
  request.body = std::move(message.body());
  return request;
}

http::response<http::string_body> ToMessage(HttpResponse&& response, unsigned version, bool keep_alive) {
  http::response<http::string_body> message;
  message.version(version);
  message.result(static_cast<unsigned>(response.status));
  message.set(http::field::server, "cacheplane");
  message.set(http::field::content_type, response.content_type);
  message.set(http::field::cache_control, "no-store");
  message.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.body() = std::move(response.body);
  message.keep_alive(keep_alive);
  message.prepare_payload();
  return message;
}

HttpResponse Refusal(const HttpServer::Options& options, std::string_view path, int status, std::string_view code,
                     const std::string& message) {
  return options.complain ? options.complain(path, status, code, message) : JsonError(status, code, message);
}

// Empty when the caller has gone.
std::string PeerOf(const tcp::socket& socket) {
  error_code gone;
  const tcp::endpoint peer = socket.remote_endpoint(gone);
  if (gone) return "";
  const std::string address = peer.address().to_string();
  return peer.address().is_v6() ? fmt::format("[{}]:{}", address, peer.port())
                                : fmt::format("{}:{}", address, peer.port());
}

// The answer to a request that cannot be read; nothing when there is nobody to tell, or no point in it.
std::optional<HttpResponse> Complaint(error_code error, const HttpServer::Options& options, std::string_view path) {
  if (error == http::error::body_limit) {
    return Refusal(options, path, 413, "INVALID_ARGUMENT",
                   fmt::format("the body is larger than {} bytes", options.body_limit));
  }
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return Refusal(options, path, 431, "INVALID_ARGUMENT",
                   fmt::format("the headers are larger than {} bytes", options.header_limit));
  }
  const bool is_http = error.category() == http::make_error_code(http::error::bad_method).category();
  if (!is_http || error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  return Refusal(options, path, 400, "INVALID_ARGUMENT", fmt::format("this is not HTTP/1.1: {}", error.message()));
}

}  // namespace

bool HttpConnections::Add(const std::shared_ptr<HttpConnection>& connection) {
  std::scoped_lock lock(mutex_);
  if (closed_ || open_.size() >= limit_) return false;
  open_.emplace(connection.get(), connection);
  return true;
}

void HttpConnections::Remove(const HttpConnection* connection) {
  std::scoped_lock lock(mutex_);
  open_.erase(connection);
}

std::vector<std::shared_ptr<HttpConnection>> HttpConnections::Close() {
  std::scoped_lock lock(mutex_);
  closed_ = true;
  std::vector<std::shared_ptr<HttpConnection>> all;
  for (const auto& [raw, weak] : open_) {
    if (auto connection = weak.lock()) all.push_back(std::move(connection));
  }
  return all;
}

HttpConnection::HttpConnection(std::shared_ptr<HttpShared> shared, tcp::socket socket)
    : shared_(std::move(shared)),
      stream_(std::move(socket)),
      answer_timer_(stream_.get_executor()),
      buffer_(kBufferLimit) {}

HttpConnection::~HttpConnection() { shared_->connections.Remove(this); }

void HttpConnection::Start() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    self->stream_.expires_after(self->shared_->options.io_deadline);
    self->NewParser();
    self->ReadHeader();
  });
}

void HttpConnection::TurnAway() {
  error_code ignored;
  stream_.socket().non_blocking(true, ignored);
  stream_.socket().write_some(asio::buffer(kTooMany), ignored);
}

void HttpConnection::Close() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    self->stream_.close();
    self->answer_timer_.cancel();
  });
}

void HttpConnection::NewParser() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(shared_->options.header_limit));
  parser_->body_limit(shared_->options.body_limit);
}

void HttpConnection::AwaitRequest() {
  NewParser();
  if (buffer_.size() > 0) return BeginRequest();
  stream_.expires_after(shared_->options.idle_limit);
  stream_.async_read_some(buffer_.prepare(kReadSize), [self = shared_from_this()](error_code error, std::size_t size) {
    if (error) return;
    self->buffer_.commit(size);
    self->BeginRequest();
  });
}

// What has come is read at once, which mostly is all of the request: waiting for it again would cost the two threads a
// hand over each time.
void HttpConnection::BeginRequest() {
  error_code error;
  parser_->eager(true);
  buffer_.consume(parser_->put(buffer_.data(), error));
  if (!error && parser_->is_done()) return Serve();
  stream_.expires_after(shared_->options.io_deadline);
  if (error && error != http::error::need_more) return Complain(error);
  ReadHeader();
}

void HttpConnection::ReadHeader() {
  http::async_read_header(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
    if (error) return self->Complain(error);
    const auto expect = self->parser_->get()[http::field::expect];
    if (beast::iequals(expect, "100-continue")) return self->SayContinue();
    self->ReadBody();
  });
}

void HttpConnection::SayContinue() {
  auto message = std::make_shared<http::response<http::empty_body>>(http::status::continue_, 11);
  http::async_write(stream_, *message, [self = shared_from_this(), message](error_code error, std::size_t) {
    if (!error) self->ReadBody();
  });
}

void HttpConnection::ReadBody() {
  http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
    if (error) return self->Complain(error);
    self->Serve();
  });
}

void HttpConnection::Serve() {
  const auto& message = parser_->get();
  keep_alive_ = message.keep_alive();
  is_head_ = message.method() == http::verb::head;
  version_ = message.version();
  answering_ = true;
  const std::uint64_t turn = ++turn_;
  HttpRequest request = ToRequest(parser_->release());
  request.peer = PeerOf(stream_.socket());
  path_ = request.path;
  shared_->handler(std::move(request), [weak = weak_from_this(), turn](HttpResponse response) {
    const auto self = weak.lock();
    if (self == nullptr) return;
    // At once, when the handler answers before it returns.
    asio::dispatch(self->stream_.get_executor(), [weak, turn, response = std::move(response)]() mutable {
      if (const auto alive = weak.lock()) alive->Answer(turn, std::move(response));
    });
  });
  if (answering_ && turn == turn_) ArmAnswerTimer(turn);
}

void HttpConnection::ArmAnswerTimer(std::uint64_t turn) {
  answer_timer_.expires_after(shared_->options.handler_deadline);
  answer_timer_.async_wait([self = shared_from_this(), turn](error_code error) {
    if (error) return;
    self->Answer(turn,
                 Refusal(self->shared_->options, self->path_, 504, "DEADLINE_EXCEEDED", "the answer took too long"));
  });
}

void HttpConnection::Answer(std::uint64_t turn, HttpResponse response) {
  if (!answering_ || turn != turn_) return;
  answering_ = false;
  answer_timer_.cancel();
  response_ = ToMessage(std::move(response), version_, keep_alive_);
  if (is_head_) response_.body().clear();  // the length stays in its header
  Write();
}

void HttpConnection::Complain(error_code error) {
  const auto target = parser_->get().target();
  const std::string_view path(target.data(), std::min(target.find('?'), target.size()));
  auto complaint = Complaint(error, shared_->options, path);
  if (!complaint) return;
  response_ = ToMessage(std::move(*complaint), 11, false);
  Write();
}

void HttpConnection::Write() {
  stream_.expires_after(shared_->options.io_deadline);
  http::async_write(stream_, response_, [self = shared_from_this()](error_code error, std::size_t) {
    if (error) return;
    if (self->response_.need_eof() || !self->response_.keep_alive()) return self->Linger();
    self->AwaitRequest();
  });
}

void HttpConnection::Linger() {
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.expires_after(kLinger);
  buffer_.clear();
  Discard();
}

void HttpConnection::Discard() {
  stream_.async_read_some(buffer_.prepare(kReadSize), [self = shared_from_this()](error_code error, std::size_t) {
    if (!error) self->Discard();
  });
}

}  // namespace cacheplane::gateway
