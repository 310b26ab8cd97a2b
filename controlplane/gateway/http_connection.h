// One HTTP connection. Beside http_server.cc the only place that knows Boost; only those two files include this.
//
//   awaiting ─► header ─► (100 Continue) ─► body ─► answering ─► writing ─► awaiting …
//      │ idle      │          any error            │ handler      │
//      ▼           ▼                               ▼ too late     ▼ last
//    closed     complaint ─────────────────────────┴─────────► lingering ─► closed
//
// A connection runs on its strand. The completion of each arrow holds a reference; with none under way, it is gone.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/gateway/http_server.h"

namespace cacheplane::gateway {

class HttpConnection;

// Open connections: bounded, and closed together. Thread-safe.
class HttpConnections {
 public:
  explicit HttpConnections(std::size_t limit) : limit_(limit) {}

  // False when there are too many, or no more are taken.
  bool Add(const std::shared_ptr<HttpConnection>& connection);
  void Remove(const HttpConnection* connection);
  // Takes no more; those there are.
  std::vector<std::shared_ptr<HttpConnection>> Close();

 private:
  const std::size_t limit_;
  std::mutex mutex_;
  bool closed_ = false;
  std::map<const HttpConnection*, std::weak_ptr<HttpConnection>> open_;
};

// What connections share. A late answer may hold a connection beyond the server's end, so each owns a part of this.
struct HttpShared {
  HttpShared(const HttpServer::Options& given, HttpHandler from)
      : options(given), handler(std::move(from)), connections(given.max_connections) {}
  const HttpServer::Options options;
  const HttpHandler handler;
  boost::asio::io_context io;
  HttpConnections connections;
};

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(std::shared_ptr<HttpShared> shared, boost::asio::ip::tcp::socket socket);
  ~HttpConnection();

  void Start();
  // Instead of Start, when there are too many: says so as far as the socket takes it at once, and is done.
  void TurnAway();
  void Close();

 private:
  void NewParser();
  void AwaitRequest();
  void BeginRequest();
  void ReadHeader();
  void SayContinue();
  void ReadBody();
  void Serve();
  void ArmAnswerTimer(std::uint64_t turn);
  // Only the first answer to the request being served counts.
  void Answer(std::uint64_t turn, HttpResponse response);
  void Complain(boost::system::error_code error);
  void Write();
  // Closing while the peer still sends would reset the connection and could destroy the answer before it is read.
  void Linger();
  void Discard();

  const std::shared_ptr<HttpShared> shared_;  // first: its io_context must outlive the stream
  boost::beast::tcp_stream stream_;
  boost::asio::steady_timer answer_timer_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
  std::uint64_t turn_ = 0;  // number of the request being served
  std::string path_;        // of that request
  bool answering_ = false;
  bool keep_alive_ = false;
  bool is_head_ = false;
  unsigned version_ = 11;
};

}  // namespace cacheplane::gateway
