// cluster modify and cluster delete.
#include <nlohmann/json.hpp>

#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

using Paths = std::vector<std::string>;

class ClusterModifyTest : public CommandLineTest {
 protected:
  void SetUp() override {
    v1::ModifyClusterResponse response;
    *response.mutable_cluster() = AvailableCluster();
    *response.mutable_operation() = RunningOperation("modify-cluster");
    server_.Answer<v1::ModifyClusterRequest>(response);
    v1::Operation end = RunningOperation("modify-cluster");
    end.set_status("succeeded");
    EndOperation(server_, end, AvailableCluster());
  }

  v1::ModifyClusterRequest Asked() {
    const auto asked = server_.Asked<v1::ModifyClusterRequest>();
    EXPECT_FALSE(asked.empty());
    return asked.empty() ? v1::ModifyClusterRequest() : asked.back();
  }
  Paths Mask() {
    const v1::ModifyClusterRequest request = Asked();
    return {request.update_mask().paths().begin(), request.update_mask().paths().end()};
  }
};

TEST_F(ClusterModifyTest, MaskNamesTheGivenFields) {
  const Outcome outcome =
      Run("cluster modify orders --description new --no-deletion-protection --apply-immediately --etag e1 -o json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(Mask(), (Paths{"description", "deletion_protection"}));
  EXPECT_EQ(Asked().etag(), "e1");
  EXPECT_TRUE(Asked().spec().has_deletion_protection());
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["status"], "available");
}

TEST_F(ClusterModifyTest, FieldsThatCannotChangeYetAreTheServersToRefuse) {
  server_.Refuse<v1::ModifyClusterRequest>(Unimplemented("engine_version: changing it is not built yet"));
  const Outcome outcome = Run("cluster modify orders --engine-version 8.1 --node-type t --replicas 3");
  EXPECT_EQ(outcome.code, 8);
  EXPECT_EQ(outcome.err,
            "error: Unimplemented: engine_version: changing it is not built yet\nhint: nothing was changed\n");
  EXPECT_EQ(Mask(), (Paths{"engine_version", "node_type", "replicas_per_shard"}));
}

TEST_F(ClusterModifyTest, ListsCanBeEmptied) {
  EXPECT_EQ(Run(std::vector<std::string>{"cluster", "modify", "orders", "--security-groups", ""}).code, 0);
  EXPECT_EQ(Mask(), Paths{"security_groups"});
  EXPECT_EQ(Asked().spec().security_groups_size(), 0);
}

TEST_F(ClusterModifyTest, TagsAreMergedUnderTheEtagThatWasRead) {
  EXPECT_EQ(Run("cluster modify orders --tag team=data --tag new=1 --untag owner").code, 0);
  EXPECT_EQ(Mask(), Paths{"tags"});
  EXPECT_EQ(Asked().etag(), "e7");
  const v1::ModifyClusterRequest request = Asked();
  const std::map<std::string, std::string> tags(request.spec().tags().begin(), request.spec().tags().end());
  EXPECT_EQ(tags, (std::map<std::string, std::string>{{"team", "data"}, {"new", "1"}}));
}

TEST_F(ClusterModifyTest, ALostRaceOverTagsIsRunAgain) {
  int calls = 0;
  server_.On<v1::ModifyClusterRequest, v1::ModifyClusterResponse>(
      [&calls](const v1::ModifyClusterRequest&, v1::ModifyClusterResponse* response) -> Status {
        if (++calls < 3) return Aborted("stale etag");
        *response->mutable_cluster() = AvailableCluster();
        return {};
      });
  EXPECT_EQ(Run("cluster modify orders --tag a=b").code, 0);
  EXPECT_EQ(calls, 3);
}

TEST_F(ClusterModifyTest, AnEtagOfTheUsersIsTriedOnce) {
  server_.Refuse<v1::ModifyClusterRequest>(Aborted("stale etag"));
  const Outcome outcome = Run("cluster modify orders --tag a=b --etag old");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_NE(outcome.err.find("error: Aborted: stale etag\nhint: "), std::string::npos) << outcome.err;
  EXPECT_EQ(server_.Asked<v1::ModifyClusterRequest>().size(), 1U);
  EXPECT_EQ(Asked().etag(), "old");
}

TEST_F(ClusterModifyTest, NothingGivenIsAUsageError) {
  EXPECT_EQ(Run("cluster modify orders --apply-immediately").code, 252);
  EXPECT_TRUE(server_.Asked<v1::ModifyClusterRequest>().empty());
}

class ClusterDeleteTest : public CommandLineTest {
 protected:
  void SetUp() override {
    v1::DeleteClusterResponse response;
    *response.mutable_cluster() = AvailableCluster();
    *response.mutable_operation() = RunningOperation("delete-cluster");
    server_.Answer<v1::DeleteClusterRequest>(response);
    v1::Operation end = RunningOperation("delete-cluster");
    end.set_status("succeeded");
    EndOperation(server_, end, AvailableCluster());
  }
  std::size_t Deletes() { return server_.Asked<v1::DeleteClusterRequest>().size(); }
};

TEST_F(ClusterDeleteTest, YesDeletesAndJsonIsTheOperation) {
  const Outcome outcome = Run("cluster delete orders --yes -o json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const nlohmann::json operation = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(operation["kind"], "delete-cluster");
  EXPECT_EQ(operation["status"], "succeeded");
}

TEST_F(ClusterDeleteTest, TableSaysItIsGone) {
  EXPECT_EQ(Run("cluster delete orders --yes").out, "cluster orders deleted\n");
}

TEST_F(ClusterDeleteTest, NoWaitPrintsTheOperation) {
  EXPECT_EQ(Run("cluster delete orders --yes --no-wait -o names").out, "op-1\n");
}

TEST_F(ClusterDeleteTest, RefusesWithoutTerminalAndYes) {
  const Outcome outcome = Run("cluster delete orders");
  EXPECT_EQ(outcome.code, 252);
  EXPECT_NE(outcome.err.find("--yes"), std::string::npos) << outcome.err;
  EXPECT_EQ(Deletes(), 0U);
}

TEST_F(ClusterDeleteTest, OnATerminalTheNameMustBeTyped) {
  tty_ = true;
  input_ = "order\n";
  EXPECT_EQ(Run("cluster delete orders").code, 252);
  input_ = "";
  EXPECT_EQ(Run("cluster delete orders").code, 252);
  EXPECT_EQ(Deletes(), 0U);
  input_ = "orders\n";
  EXPECT_EQ(Run("cluster delete orders").code, 0);
  EXPECT_EQ(Deletes(), 1U);
}

TEST_F(ClusterDeleteTest, AProtectedClusterIsAConflict) {
  server_.Refuse<v1::DeleteClusterRequest>(FailedPrecondition("orders is protected"));
  EXPECT_EQ(Run("cluster delete orders --yes").code, 4);
}

}  // namespace
}  // namespace cacheplane::cli
