// The handlers over a control plane without machines, called as the endpoint calls them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/service/catalog_service.h"
#include "controlplane/service/event_service.h"
#include "controlplane/service/network_service.h"
#include "controlplane/service/parameter_group_service.h"
#include "controlplane/service/update_service.h"
#include "tests/unit/service/ordered_trials.h"
#include "tests/unit/service/world.h"

namespace cacheplane::gateway::aws {

class CalledHandlers : public testing::Test {
 protected:
  CalledHandlers() {
    AddParameterGroups(table, services);
    AddSubnetGroups(table, services);
    AddTags(table, services);
    AddCatalog(table, services);
    AddEvents(table, services);
    AddUpdateReads(table, services);
    AddUpdateBatches(table, services);
  }

  // Agents answer before this returns.
  Answer Call(const std::string& action, const Json& input) {
    Answer answer = Fault{"NotAnswered", 500, action};
    const auto handler = table.find(action);
    if (handler == table.end()) return Fault{"NotBuilt", 400, action};
    int answers = 0;
    handler->second({action, input, "eu-west-1", "key", ""}, [&](const Answer& given) {
      answer = given;
      ++answers;
    });
    EXPECT_EQ(answers, 1) << action;
    return answer;
  }

  // The result of a call that succeeds.
  Json Ask(const std::string& action, const Json& input) {
    const Answer answer = Call(action, input);
    if (const Fault* fault = std::get_if<Fault>(&answer)) {
      ADD_FAILURE() << action << ": " << fault->code << ": " << fault->message;
      return Json::object();
    }
    return std::get<Json>(answer);
  }

  // The fault of a call that is refused: "code message".
  std::string Refused(const std::string& action, const Json& input) {
    const Answer answer = Call(action, input);
    if (const Fault* fault = std::get_if<Fault>(&answer)) return fault->code + " " + fault->message;
    return "not refused: " + std::get<Json>(answer).dump();
  }

  // `member` of every item of every page, two items a page.
  std::vector<std::string> Paged(const std::string& action, Json input, const char* list, const char* member) {
    std::vector<std::string> seen;
    input["MaxRecords"] = 2;
    do {
      const Json page = Ask(action, input);
      if (!page.contains(list)) return seen;
      EXPECT_LE(page.at(list).size(), 2U);
      for (const Json& item : page.at(list)) seen.push_back(item.at(member).get<std::string>());
      input["Marker"] = page.value("Marker", "");
    } while (!input["Marker"].get<std::string>().empty());
    return seen;
  }

  void GivenCluster(const std::string& name, const std::map<std::string, std::string>& tags = {}) {
    service::CreateClusterRequest request = service::World::Request(name);
    request.spec.tags = tags;
    const auto answer = world.clusters.CreateCluster(request);
    ASSERT_TRUE(answer.ok()) << answer.error().message;
  }

  service::World world;
  service::OrderedTrials trials;
  service::NetworkService networks{world.store, world.signals, world.clock};
  service::ParameterGroupService groups{world.store, world.facts, trials, {world.signals, world.signals}, world.clock};
  service::CatalogService catalog{world.store};
  service::EventService events{world.store};
  service::UpdateService updates{world.store, world.facts, world.clock};
  Services services{world.clusters, networks, groups, catalog, events, world.operations, updates, world.clock};
  HandlerTable table;
};

}  // namespace cacheplane::gateway::aws
