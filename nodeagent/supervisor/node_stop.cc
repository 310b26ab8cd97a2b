// How an incarnation's process is ended, and what counts as saved afterwards.
#include <fmt/format.h>

#include <chrono>
#include <string>

#include "nodeagent/decide/decide_node.h"
#include "nodeagent/supervisor/node.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRetry{1000};
constexpr milliseconds kSaveRetry{500};

}  // namespace

Status Node::Carry(const StopEngine& step) {
  if (step.save) return RequestSave();
  killed_ = true;
  const Status forgotten = ForgetRequest();
  engine_->Kill();
  ReconcileAt(context_.loop.now() + kRetry);
  return forgotten;
}

Status Node::RequestSave() {
  const MonoTime now = context_.loop.now();
  if (stop_ == StopStage::kNone) stop_since_ = now;
  stop_ = StopStage::kSaveFailed;
  stop_retry_ = now + kSaveRetry;
  stop_unanswered_.reset();
  if (engine_->info()) {
    SavedState state = saved_;
    // Else an earlier request, whose answer was lost, may be what it saves for.
    const bool first = state.save_requested_ms == 0;
    // What a clean stop left is still the truth as long as nothing newer could be written.
    if (first && state.clean_stop_epoch == 0) CP_RETURN_IF_ERROR(directory_.SetDumpAside());
    if (first) state.save_requested_ms = FileTime();
    CP_RETURN_IF_ERROR(Persist(state));
    stop_ = StopStage::kSaving;
    engine_->SetSaving(true);
    engine_->Send({"SHUTDOWN", "SAVE"}, SaveDeadline(engine_->info()->used_memory_bytes),
                  [this](const CommandResult& result) { OnSaveAnswer(result); });
  }
  ReconcileAt(stop_retry_);
  return {};
}

Status Node::ForgetRequest() {
  SavedState state = saved_;
  state.save_requested_ms = 0;
  return Persist(state);
}

// It does not end: the request is lost.
void Node::NoteLostStop() {
  if (stop_ != StopStage::kSaving || !stop_unanswered_ || context_.loop.now() < *stop_unanswered_ + kRetry) return;
  stop_ = StopStage::kSaveFailed;
  stop_unanswered_.reset();
}

// No stop is wanted, and an engine that answers goes on in spite of an earlier one. A primary then saves for other
// reasons as well, such as a full synchronisation by file.
void Node::DropStop() {
  if (!engine_ || engine_->stage() != ProcessStage::kAlive || !engine_->info()) return;
  if (stop_ == StopStage::kSaving) return;
  stop_ = StopStage::kNone;
  engine_->SetSaving(false);
  if (const Status status = ForgetRequest(); !status.ok()) Fail(status.error());
}

void Node::OnSaveAnswer(const CommandResult& result) {
  // Without an answer the connection ended: by the engine's end, which is then seen any moment, or before the engine
  // had read it. Then it is asked again; one that saves ends meanwhile.
  if (!result.refused && result.sent) {
    stop_unanswered_ = context_.loop.now();
    return ReconcileAt(*stop_unanswered_ + kRetry);
  }
  engine_->SetSaving(false);
  stop_ = StopStage::kSaveFailed;
  stop_retry_ = context_.loop.now() + kSaveRetry;
  failure_ = fmt::format("cannot save: {}", result.status.ok() ? "no reason given" : result.status.error().message);
  if (const Status status = ForgetRequest(); !status.ok()) return Fail(status.error());
  context_.changed(*this);
  Reconcile();
}

void Node::FinishStop(const ProcessId& process, bool by_itself) {
  SavedState state = saved_;
  state.save_requested_ms = 0;
  const bool saved = by_itself && saved_.save_requested_ms != 0 && directory_.SyncDump(saved_.save_requested_ms).ok();
  if (saved) state.clean_stop_epoch = state.epoch;
  directory_.RemovePidFile(process.pid);
  // Of an engine that took part, and was emptied: an older file must not stand for what it saved.
  Status status = saved && took_part_ ? directory_.RemoveKept() : Status();
  if (status.ok()) status = Persist(state);
  saved_data_ = directory_.Saved();
  if (!status.ok()) Fail(status.error());
}

}  // namespace cacheplane::agent
