#include "controlplane/app/control_plane.h"

#include <filesystem>
#include <string>

#include "common/clock.h"
#include "common/file.h"
#include "common/text.h"
#include "controlplane/agents/agent_gateway.h"
#include "controlplane/agents/fact_board.h"
#include "controlplane/agents/lease_book.h"
#include "controlplane/agents/session_directory.h"
#include "controlplane/api/api_server.h"
#include "controlplane/api/journal_hub.h"
#include "controlplane/app/authenticator.h"
#include "controlplane/app/figures.h"
#include "controlplane/app/secrets.h"
#include "controlplane/gateway/aws/ec2/handlers.h"
#include "controlplane/gateway/aws/endpoint.h"
#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/gateway/gateway.h"
#include "controlplane/reconcile/loop.h"
#include "controlplane/service/bootstrap.h"
#include "controlplane/service/queue.h"
#include "controlplane/service/update_service.h"
#include "controlplane/store/sqlite_store.h"

namespace cacheplane::app {
namespace {

struct ApiServices {
  ApiServices(ports::Store& store, const ports::FactSource& facts, service::Signals signals,
              const ports::Secrets& secrets, ports::Identifiers& identifiers, agents::SessionDirectory& sessions,
              const Clock& clock)
      : clusters(store, facts, signals, identifiers, clock),
        networks(store, signals.journal, clock),
        parameter_groups(store, facts, sessions, signals, clock),
        catalog(store),
        fleet(store, facts, signals, clock),
        operations(store, signals, clock),
        events(store),
        drills(store, facts, sessions, signals.journal, clock),
        access_keys(store, secrets, identifiers, signals.journal, clock),
        audit(store),
        updates(store, facts, clock),
        audit_trail(store, clock) {}

  service::ClusterService clusters;
  service::NetworkService networks;
  service::ParameterGroupService parameter_groups;
  service::CatalogService catalog;
  service::FleetService fleet;
  service::OperationService operations;
  service::EventService events;
  service::DrillService drills;
  service::AccessKeyService access_keys;
  service::AuditService audit;
  service::UpdateService updates;
  service::AuditTrail audit_trail;
};

Result<std::string> ReadToken(const std::filesystem::path& path) {
  CP_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  std::string token(Trim(text));
  if (token.empty()) return InvalidArgument(path.string() + ": the join token is empty");
  return token;
}

}  // namespace

// Members are constructed in the order in which they need each other.
struct ControlPlane::Parts {
  Parts(std::unique_ptr<ports::Store> opened, DerivedSecrets derived, std::string join_token, const Options& options)
      : store(std::move(opened)),
        secrets(std::move(derived)),
        board(clock),
        directory(clock),
        leases(clock),
        queue(board, clock),
        loop({*store, board, directory, journal, secrets, identifiers, clock, leases, queue}, options.policy),
        agent_gateway({clock, *store, board, directory, leases, loop}, {.join_token = std::move(join_token)}),
        services(*store, board, {loop, journal}, secrets, identifiers, directory, clock),
        authenticator(MakeAuthenticator(options, services.access_keys)),
        aws_services{services.clusters, services.networks,   services.parameter_groups, services.catalog,
                     services.events,   services.operations, services.updates,          clock},
        aws({*authenticator, clock, gateway::aws::BuildTable(aws_services), services.audit_trail,
             gateway::aws::ec2::BuildTable(services.networks)}) {}

  ~Parts() {
    if (http) http->Shutdown();
    agent_gateway.Shutdown();
    if (grpc) grpc->Shutdown();
    loop.Stop();
  }

  Status Listen(const Options& options);
  // The store answers, and whoever asks got through to us.
  Status Ready();

  SystemClock clock;
  std::unique_ptr<ports::Store> store;
  DerivedSecrets secrets;
  RandomIdentifiers identifiers;
  api::JournalHub journal;
  agents::FactBoard board;
  agents::SessionDirectory directory;
  agents::LeaseBook leases;
  service::ChangeQueue queue;
  reconcile::Loop loop;
  agents::AgentGateway agent_gateway;
  ApiServices services;
  std::unique_ptr<gateway::aws::Authenticator> authenticator;
  gateway::aws::Services aws_services;
  gateway::aws::AwsEndpoint aws;
  std::unique_ptr<api::ApiServer> grpc;
  std::unique_ptr<gateway::Gateway> http;
};

Status ControlPlane::Parts::Listen(const Options& options) {
  const api::ApiServer::Services apis{services.clusters, services.networks,    services.parameter_groups,
                                      services.catalog,  services.fleet,       services.operations,
                                      services.events,   services.drills,      services.access_keys,
                                      services.audit,    services.audit_trail, journal};
  CP_ASSIGN_OR_RETURN(grpc, api::ApiServer::Start(apis, {.address = options.grpc_address,
                                                         .also = agent_gateway.services(),
                                                         .configure = agents::AgentGateway::ConfigureKeepalive}));
  gateway::Gateway::Options http_options;
  http_options.http.address = options.http_host;
  http_options.http.port = options.http_port;
  http_options.allowed_hosts = options.allowed_hosts;
  http_options.json_api = options.http_on_loopback;
  CP_ASSIGN_OR_RETURN(
      http, gateway::Gateway::Start(
                http_options,
                {.channel = grpc->InProcessChannel(),
                 .ready = [this] { return Ready(); },
                 .figures = [this] { return CountFigures(*store, board, loop.passes(), services.audit_trail.lost()); },
                 .query = [this](gateway::HttpRequest request,
                                 gateway::HttpReply reply) { aws.Handle(std::move(request), std::move(reply)); }}));
  return {};
}

Status ControlPlane::Parts::Ready() {
  store->Read([](ports::Transaction& tx) { static_cast<void>(tx.journal().LastEventSequence()); });
  return {};
}

ControlPlane::ControlPlane(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

ControlPlane::~ControlPlane() = default;

int ControlPlane::grpc_port() const { return parts_->grpc->port(); }

int ControlPlane::http_port() const { return parts_->http->port(); }

Result<std::unique_ptr<ControlPlane>> ControlPlane::Start(const Options& options) {
  std::error_code error;
  std::filesystem::create_directories(options.home, error);
  if (error) return Internal("cannot create " + options.home.string() + ": " + error.message());
  CP_ASSIGN_OR_RETURN(std::string token, ReadToken(options.token_file));
  CP_ASSIGN_OR_RETURN(DerivedSecrets secrets, DerivedSecrets::Open(options.home / "engine-passwords.key"));
  CP_ASSIGN_OR_RETURN(auto store, store::SqliteStore::Open(options.home / "cacheplane.db"));
  CP_RETURN_IF_ERROR(service::EnsureDefaults(*store, options.zones));
  auto parts = std::make_unique<Parts>(std::move(store), std::move(secrets), std::move(token), options);
  CP_RETURN_IF_ERROR(parts->Listen(options));
  parts->loop.Start();
  return std::unique_ptr<ControlPlane>(new ControlPlane(std::move(parts)));
}

}  // namespace cacheplane::app
