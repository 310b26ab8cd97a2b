#include "controlplane/gateway/aws/endpoint.h"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <utility>

#include "common/log.h"
#include "controlplane/gateway/aws/audit.h"
#include "controlplane/gateway/aws/replays.h"
#include "controlplane/gateway/aws/reply.h"
#include "controlplane/gateway/aws/seen_signatures.h"
#include "controlplane/gateway/aws/signing/digest.h"
#include "controlplane/gateway/aws/steps.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr std::array<Step, 8> kSteps = {CheckTransport, ReadForm,  KnowCaller, FindService,
                                        FindOperation,  CheckRole, CheckBuilt, DecodeInput};

std::optional<Fault> Prepare(const Served& served, Exchange& exchange) {
  for (const Step step : kSteps) {
    if (auto fault = step(served, exchange)) return fault;
  }
  return std::nullopt;
}

Replays::Key KeyOf(const Exchange& exchange) {
  return {exchange.caller.access_key, std::string(exchange.request.Header("amz-sdk-invocation-id")),
          Sha256Hex(exchange.request.body)};
}

// SDKs sign a throttled call anew and try again, which is right for the two ways to get there.
Fault SignatureIsUsed() {
  return {"Throttling", 400, "the signature was used before, and is good for one change; allowed: a call signed again"};
}
Fault TooManySignatures() {
  return {"Throttling", 400,
          fmt::format("there were {} changes within half an hour, and no more are taken until some of them are older",
                      SeenSignatures::kMost)};
}

}  // namespace

struct AwsEndpoint::Shared : std::enable_shared_from_this<AwsEndpoint::Shared> {
  explicit Shared(Deps deps)
      : served{deps.authenticator, deps.clock, ElastiCacheApi(std::move(deps.handlers)), StsApi(),
               Ec2Api(std::move(deps.ec2))},
        audit(deps.audit) {}

  void Finish(const Exchange& exchange, const Answer& answer) const {
    Send(exchange, ResponseOf(exchange, answer), OutcomeOf(exchange, answer).code);
  }

  void Send(const Exchange& exchange, HttpResponse response, std::string_view outcome) const {
    LogExchange(exchange, response, outcome, served.clock.Mono());
    exchange.reply(std::move(response));
  }

  void Refuse(const Exchange& exchange, const Fault& fault) const {
    if (IsAudited(exchange)) audit.Refuse(RecordOf(exchange), OutcomeOf(exchange, fault));
    Finish(exchange, fault);
  }

  void AnswerTo(const std::shared_ptr<Exchange>& exchange) {
    if (!IsReading(exchange->action)) return CarryOutOnce(exchange);
    Dispatch(exchange,
             [self = shared_from_this(), exchange](const Answer& answer) { self->Finish(*exchange, answer); });
  }

  // The first attempt at a change is carried out; later ones get its answer.
  void CarryOutOnce(const std::shared_ptr<Exchange>& exchange) {
    const auto again = [self = shared_from_this(), exchange](HttpResponse response) {
      self->Send(*exchange, std::move(response), "answered as the first attempt");
    };
    const bool retriable = IsRetriable(*exchange);
    const Replays::Key key = KeyOf(*exchange);
    if (const auto fault = CheckSignatureIsNew(*exchange)) {
      // Whoever sends it again need not have the key.
      exchange->known = false;
      if (!retriable || !replays.Join(key, again, served.clock.Mono())) Refuse(*exchange, *fault);
      return;
    }
    if (retriable && !replays.Begin(key, again, served.clock.Mono())) return;
    CarryOut(exchange, [self = shared_from_this(), exchange, key](const Answer& answer) {
      HttpResponse response = ResponseOf(*exchange, answer);
      self->replays.Settle(key, response, self->served.clock.Mono());
      self->Send(*exchange, std::move(response), OutcomeOf(*exchange, answer).code);
    });
  }

  std::optional<Fault> CheckSignatureIsNew(const Exchange& exchange) {
    const Identity& caller = exchange.caller;
    if (caller.signature.empty()) return std::nullopt;
    switch (signatures.See(caller.signature, caller.signature_ends, served.clock.Now())) {
      case SeenSignatures::Sight::kFirst: return std::nullopt;
      case SeenSignatures::Sight::kAgain: return SignatureIsUsed();
      case SeenSignatures::Sight::kNoRoom: return TooManySignatures();
    }
    return std::nullopt;
  }

  // The record is there before the answer.
  void CarryOut(const std::shared_ptr<Exchange>& exchange, Done finish) {
    auto call = std::make_shared<service::AuditedCall>(audit.Begin(RecordOf(*exchange)));
    Dispatch(exchange, [self = shared_from_this(), exchange, call, finish = std::move(finish)](const Answer& answer) {
      self->audit.End(std::move(*call), OutcomeOf(*exchange, answer));
      finish(answer);
    });
  }

  // A handler that throws has a mistake in it, and the caller still gets an answer.
  static void Dispatch(const std::shared_ptr<Exchange>& exchange, Done finish) {
    const Done once = [exchange, finish = std::move(finish)](const Answer& answer) {
      if (!exchange->answered.test_and_set()) finish(answer);
    };
    try {
      exchange->api->handlers.find(exchange->action)->second(CallOf(*exchange), once);
    } catch (const std::exception& error) {
      log::Error("aws {}: {}", exchange->action, error.what());
      once(Fault{"InternalFailure", 500, "the call failed for a reason of our own; the log tells more"});
    }
  }

  const Served served;
  service::AuditTrail& audit;
  Replays replays;
  SeenSignatures signatures;
};

AwsEndpoint::AwsEndpoint(Deps deps) : shared_(std::make_shared<Shared>(std::move(deps))) {}

AwsEndpoint::~AwsEndpoint() = default;

void AwsEndpoint::Handle(HttpRequest request, HttpReply reply) const {
  auto exchange = std::make_shared<Exchange>();
  exchange->request = std::move(request);
  exchange->request_id = NewRequestId();
  exchange->began = shared_->served.clock.Mono();
  exchange->reply = std::move(reply);
  exchange->scope = ScopeOf(exchange->request);
  const Served& served = shared_->served;
  exchange->api = exchange->scope && exchange->scope->service == served.ec2.service ? &served.ec2 : &served.elasticache;
  if (const auto fault = Prepare(served, *exchange)) return shared_->Refuse(*exchange, *fault);
  shared_->AnswerTo(exchange);
}

}  // namespace cacheplane::gateway::aws
