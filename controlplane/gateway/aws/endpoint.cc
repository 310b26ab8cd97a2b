#include "controlplane/gateway/aws/endpoint.h"

#include <array>
#include <exception>
#include <utility>

#include "common/log.h"
#include "controlplane/gateway/aws/replays.h"
#include "controlplane/gateway/aws/reply.h"
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

std::string_view OutcomeOf(const Answer& answer) {
  const auto* fault = std::get_if<Fault>(&answer);
  return fault == nullptr ? std::string_view("ok") : std::string_view(fault->code);
}

}  // namespace

struct AwsEndpoint::Shared : std::enable_shared_from_this<AwsEndpoint::Shared> {
  explicit Shared(Deps deps)
      : served{deps.authenticator, deps.clock, ElastiCacheApi(std::move(deps.handlers)), StsApi(),
               Ec2Api(std::move(deps.ec2))} {}

  void Finish(const Exchange& exchange, const Answer& answer) const {
    Send(exchange, ResponseOf(exchange, answer), OutcomeOf(answer));
  }

  void Send(const Exchange& exchange, HttpResponse response, std::string_view outcome) const {
    LogExchange(exchange, response, outcome, served.clock.Mono());
    exchange.reply(std::move(response));
  }

  // The first attempt at a change is carried out; later ones get its answer.
  void CarryOutOnce(const std::shared_ptr<Exchange>& exchange) {
    if (!IsRetriable(*exchange)) {
      return Dispatch(exchange, [self = shared_from_this(), exchange](const Answer& a) { self->Finish(*exchange, a); });
    }
    const Replays::Key key = KeyOf(*exchange);
    auto again = [self = shared_from_this(), exchange](HttpResponse response) {
      self->Send(*exchange, std::move(response), "answered as the first attempt");
    };
    if (!replays.Begin(key, std::move(again), served.clock.Mono())) return;
    Dispatch(exchange, [self = shared_from_this(), exchange, key](const Answer& answer) {
      HttpResponse response = ResponseOf(*exchange, answer);
      self->replays.Settle(key, response, self->served.clock.Mono());
      self->Send(*exchange, std::move(response), OutcomeOf(answer));
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
  Replays replays;
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
  if (const auto fault = Prepare(served, *exchange)) return shared_->Finish(*exchange, *fault);
  shared_->CarryOutOnce(exchange);
}

}  // namespace cacheplane::gateway::aws
