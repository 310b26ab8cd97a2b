#include "cli/client/write_probe.h"

#include <algorithm>

#include "cache-engine/resp/client.h"

namespace cacheplane::cli {
namespace {

using std::chrono::steady_clock;

constexpr const char* kKeptSeconds = "3600";
// While nobody listens an attempt fails at once; this keeps the retries from taking a whole processor.
constexpr std::chrono::milliseconds kBetweenConnections(1);

}  // namespace

WriteProbe::WriteProbe(Options options) : options_(std::move(options)), thread_([this] { Run(); }) {}

WriteProbe::~WriteProbe() { Stop(); }

WriteLedger WriteProbe::ledger() const {
  const std::lock_guard lock(mutex_);
  return ledger_;
}

WriteLedger WriteProbe::Stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  return ledger();
}

void WriteProbe::Run() {
  steady_clock::time_point next = steady_clock::now();
  while (!stopping_) {
    WriteOnce();
    // After a stall the pace is taken up again; what was missed is not made good.
    next = std::max(next + options_.interval, steady_clock::now());
    if (client_ == nullptr) next = std::max(next, steady_clock::now() + kBetweenConnections);
    std::this_thread::sleep_until(next);
  }
  RemoveKey();
}

void WriteProbe::WriteOnce() {
  if (client_ == nullptr) {
    auto connected = resp::Client::Connect(options_.address, options_.port, options_.patience);
    if (!connected.ok()) return Note(connected.error().message);
    client_ = std::move(*connected);
    expires_ = false;
  }
  const auto answer = client_->Call({"INCR", options_.key}, options_.patience);
  if (!answer.ok()) return Note(answer.error().message);
  // A primary that became a replica refuses writes for good: whoever leads clients leads a new connection elsewhere.
  if (answer->kind != resp::Value::Kind::kInteger) return Note(answer->text);
  Acknowledge(answer->integer);
  if (!expires_) LetExpire();
}

void WriteProbe::Acknowledge(std::int64_t value) {
  const std::lock_guard lock(mutex_);
  ledger_.Acknowledged(steady_clock::now(), value);
}

// The key goes even when this program does not come to remove it.
void WriteProbe::LetExpire() {
  expires_ = client_->Call({"EXPIRE", options_.key, kKeptSeconds}, options_.patience).ok();
  if (!expires_) client_.reset();
}

void WriteProbe::Note(const std::string& failure) {
  client_.reset();
  const std::lock_guard lock(mutex_);
  ledger_.Failed(failure);
}

void WriteProbe::RemoveKey() {
  if (client_ != nullptr) static_cast<void>(client_->Call({"DEL", options_.key}, options_.patience));
}

}  // namespace cacheplane::cli
