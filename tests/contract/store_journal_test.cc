#include "tests/contract/store_contract.h"

namespace cacheplane::test {
namespace {

using Texts = std::vector<std::string>;
using ports::EventFilter;
using ports::Transaction;

EventFilter Where(const std::function<void(EventFilter&)>& set) {
  EventFilter filter;
  set(filter);
  return filter;
}

TEST_P(StoreContract, OperationIsKeptWholeAndReplaced) {
  model::Operation operation = AnOperation("op-1", "orders", At(0));
  Commit([&](Transaction& t) { t.journal().PutOperation(operation); });
  EXPECT_EQ(Look([&](Transaction& t) { return t.journal().FindOperation(operation.id); }), operation);
  operation.status = model::OperationStatus::kSucceeded;
  operation.progress = {100, {}, ""};
  operation.revision++;
  operation.ended = At(500);
  Commit([&](Transaction& t) { t.journal().PutOperation(operation); });
  EXPECT_EQ(Look([&](Transaction& t) { return t.journal().FindOperation(operation.id); }), operation);
  EXPECT_EQ(Look([](Transaction& t) { return t.journal().FindOperation(model::OperationId("op-2")); }), std::nullopt);
}

TEST_P(StoreContract, CountsClustersWhoseNodesAreChanged) {
  const auto with = [&](const char* name, model::OperationKind kind, model::OperationStatus status) {
    model::Operation operation = AnOperation(std::string("op-") + name, name, At(0));
    operation.kind = kind;
    operation.status = status;
    model::Cluster cluster = ACluster(name);
    cluster.operation = operation.id;
    Commit([&](Transaction& t) {
      t.journal().PutOperation(operation);
      EXPECT_TRUE(t.clusters().Insert(cluster).ok());
    });
  };
  GivenNetwork();
  with("orders", model::OperationKind::kModifyCluster, model::OperationStatus::kRunning);
  with("carts", model::OperationKind::kMoveNodes, model::OperationStatus::kRunning);
  with("users", model::OperationKind::kModifyCluster, model::OperationStatus::kFailed);
  with("games", model::OperationKind::kCreateCluster, model::OperationStatus::kRunning);
  EXPECT_EQ(Look([](Transaction& t) { return t.journal().CountRolling(At(1)); }), 2) << "asked for before, begun since";
  EXPECT_EQ(Look([](Transaction& t) { return t.journal().CountRolling(At(2)); }), 0) << "they began too long ago";
}

TEST_P(StoreContract, OperationsComeNewestFirstInPages) {
  Commit([](Transaction& t) {
    t.journal().PutOperation(AnOperation("a", "Orders", At(1)));
    t.journal().PutOperation(AnOperation("b", "carts", At(2)));
    t.journal().PutOperation(AnOperation("c", "orders", At(2)));
    t.journal().PutOperation(AnOperation("d", "orders", At(3)));
  });
  const auto ids = [&](const std::string& target, const ports::PageRequest& page) {
    return Look([&](Transaction& t) {
      Texts found;
      for (const model::Operation& operation : t.journal().Operations(target, page))
        found.push_back(operation.id.str());
      return found;
    });
  };
  EXPECT_EQ(ids("", {}), (Texts{"d", "c", "b", "a"}));
  EXPECT_EQ(ids("", {"", 2}), (Texts{"d", "c"}));
  Commit([](Transaction& t) { t.journal().PutOperation(AnOperation("e", "orders", At(9))); });
  EXPECT_EQ(ids("", {"c", 2}), (Texts{"b", "a"}));  // a new one does not shift the pages
  EXPECT_EQ(ids("ORDERS", {}), (Texts{"e", "d", "c", "a"}));
  EXPECT_EQ(ids("orders", {"d", 1}), Texts{"c"});
  EXPECT_EQ(ids("", {"never", 9}), Texts{});
}

TEST_P(StoreContract, EventsGetSequencesWithoutGaps) {
  EXPECT_EQ(Look([](Transaction& t) { return t.journal().LastEventSequence(); }), 0U);
  model::Event event = AnEvent("orders", "created", At(5));
  Commit([&](Transaction& t) {
    EXPECT_EQ(t.journal().AppendEvent(event), 1U);
    EXPECT_EQ(t.journal().AppendEvent(event), 2U);
  });
  EXPECT_CODE(Write([&](Transaction& t) -> Status {
                EXPECT_EQ(t.journal().AppendEvent(event), 3U);
                return Aborted("");
              }),
              ErrorCode::kAborted);
  Commit([&](Transaction& t) { EXPECT_EQ(t.journal().AppendEvent(event), 3U); });
  event.sequence = 3;
  EXPECT_EQ(Look([](Transaction& t) { return t.journal().Events(Where([](EventFilter& f) { f.after = 2; })); }),
            std::vector{event});
}

TEST_P(StoreContract, EventsAreFiltered) {
  Commit([](Transaction& t) {
    t.journal().AppendEvent(AnEvent("orders", "one", At(10)));
    t.journal().AppendEvent(AnEvent("Carts", "two", At(20)));
    model::Event agent = AnEvent("", "three", At(15));  // the clock stepped back
    agent.source_type = "agent";
    t.journal().AppendEvent(agent);
    t.journal().AppendEvent(AnEvent("orders", "four", At(30)));
  });
  const auto messages = [&](const EventFilter& filter) {
    return Look([&](Transaction& t) {
      Texts found;
      for (const model::Event& event : t.journal().Events(filter)) found.push_back(event.message);
      return found;
    });
  };
  EXPECT_EQ(messages({}), (Texts{"one", "two", "three", "four"}));
  EXPECT_EQ(messages(Where([](EventFilter& f) { f.cluster = "Orders"; })), (Texts{"one", "four"}));
  EXPECT_EQ(messages(Where([](EventFilter& f) { f.cluster = "carts"; })), Texts{"two"});
  EXPECT_EQ(messages(Where([](EventFilter& f) { f.source_type = "agent"; })), Texts{"three"});
  EXPECT_EQ(messages(Where([](EventFilter& f) {
              f.from = At(15);
              f.until = At(30);
            })),
            (Texts{"two", "three"}));  // until is not included
  EXPECT_EQ(messages(Where([](EventFilter& f) { f.after = 2; })), (Texts{"three", "four"}));
  EXPECT_EQ(messages(Where([](EventFilter& f) {
              f.after = 1;
              f.limit = 1;
            })),
            Texts{"two"});
  EXPECT_EQ(messages(Where([](EventFilter& f) {
              f.cluster = "orders";
              f.limit = 1;
            })),
            Texts{"one"});
  EXPECT_EQ(messages(Where([](EventFilter& f) { f.source = "orders"; })), (Texts{"one", "four"}));
  EXPECT_EQ(messages(Where([](EventFilter& f) { f.before = 3; })), (Texts{"one", "two"}));
  EXPECT_EQ(messages(Where([](EventFilter& f) { f.newest_first = true; })), (Texts{"four", "three", "two", "one"}));
  EXPECT_EQ(messages(Where([](EventFilter& f) {
              f.newest_first = true;
              f.before = 4;
              f.limit = 2;
            })),
            (Texts{"three", "two"}));
  EXPECT_EQ(messages(Where([](EventFilter& f) {
              f.newest_first = true;
              f.after = 2;
            })),
            (Texts{"four", "three"}));
}

TEST_P(StoreContract, ForgottenEventsKeepTheirSequences) {
  Commit([](Transaction& t) {
    for (int i = 1; i <= 3; ++i) t.journal().AppendEvent(AnEvent("orders", "x", At(i)));
    t.journal().ForgetEventsBefore(At(3));
  });
  EXPECT_EQ(Look([](Transaction& t) { return t.journal().Events({}); }).size(), 1U);
  Commit([](Transaction& t) { t.journal().ForgetEventsBefore(At(100)); });
  EXPECT_EQ(Look([](Transaction& t) { return t.journal().LastEventSequence(); }), 3U);
  Commit([](Transaction& t) { EXPECT_EQ(t.journal().AppendEvent(AnEvent("orders", "x", At(4))), 4U); });
}

TEST_P(StoreContract, RequestsAreRecalledUntilForgotten) {
  Commit([](Transaction& t) {
    t.journal().Remember(ARequest("r-1", At(1)));
    t.journal().Remember(ARequest("r-2", At(2)));
  });
  EXPECT_EQ(Look([](Transaction& t) { return t.journal().Recall("r-1"); }), ARequest("r-1", At(1)));
  Commit([](Transaction& t) { t.journal().ForgetRequestsBefore(At(2)); });
  EXPECT_EQ(Look([](Transaction& t) { return t.journal().Recall("r-1"); }), std::nullopt);
  EXPECT_EQ(Look([](Transaction& t) { return t.journal().Recall("r-2"); }), ARequest("r-2", At(2)));
}

TEST_P(StoreContract, RememberingARequestTwiceStopsTheProcess) {
  const auto remember = [](Transaction& t) { t.journal().Remember(ARequest("r-1", At(1))); };
  Commit(remember);
  EXPECT_DEATH(Commit(remember), "");
}

TEST_P(StoreContract, HostIsKeptWholeAndReplaced) {
  model::Host host = AHost("agent-2");
  Commit([&](Transaction& t) {
    t.hosts().PutHost(host);
    t.hosts().PutHost(AHost("agent-1"));
  });
  EXPECT_EQ(Look([](Transaction& t) { return t.hosts().Hosts(); }), (std::vector{AHost("agent-1"), host}));
  host.images.clear();
  host.last_heard = At(10);
  host.admission = model::Admission::kDraining;
  Commit([&](Transaction& t) { t.hosts().PutHost(host); });
  EXPECT_EQ(Look([&](Transaction& t) { return t.hosts().FindHost(host.agent); }), host);
  EXPECT_EQ(Look([](Transaction& t) { return t.hosts().FindHost(model::AgentName("agent-3")); }), std::nullopt);
}

}  // namespace
}  // namespace cacheplane::test
