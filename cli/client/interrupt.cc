#include "cli/client/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "cli/args/exit_code.h"
#include "common/check.h"

namespace cacheplane::cli {
namespace {

constexpr char kInterrupted = 'i';
constexpr char kStop = 's';

// A signal handler has no object to work on: these belong to the one watch that lives.
std::atomic<int> write_end = -1;
std::atomic<bool> seen = false;
struct sigaction before;

void OnSignal(int /*signal*/) {
  if (seen.exchange(true)) _exit(static_cast<int>(ExitCode::kInterrupted));
  const int saved = errno;
  [[maybe_unused]] const ssize_t written = write(write_end, &kInterrupted, 1);
  errno = saved;
}

}  // namespace

InterruptWatch::InterruptWatch(std::function<void()> on_interrupt) {
  int ends[2];
  CP_CHECK(pipe2(ends, O_CLOEXEC) == 0);
  read_end_ = ends[0];
  write_end = ends[1];
  seen = false;
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;
  CP_CHECK(sigaction(SIGINT, &action, &before) == 0);
  thread_ = std::thread([fd = read_end_, handle = std::move(on_interrupt)] {
    char byte = kStop;
    while (read(fd, &byte, 1) == 1 && byte != kStop) handle();
  });
}

InterruptWatch::~InterruptWatch() {
  sigaction(SIGINT, &before, nullptr);
  [[maybe_unused]] const ssize_t written = write(write_end, &kStop, 1);
  thread_.join();
  close(write_end.exchange(-1));
  close(read_end_);
}

}  // namespace cacheplane::cli
