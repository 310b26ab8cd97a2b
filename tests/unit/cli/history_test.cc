// cluster history, cluster rollback, and changes that were planned before.
#include <nlohmann/json.hpp>

#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

class HistoryTest : public CommandLineTest {
 protected:
  void SetUp() override {
    v1::RollbackClusterResponse response;
    *response.mutable_cluster() = AvailableCluster();
    *response.mutable_operation() = RunningOperation("modify-cluster");
    server_.Answer<v1::RollbackClusterRequest>(response);
    v1::Operation end = RunningOperation("modify-cluster");
    end.set_status("succeeded");
    EndOperation(server_, end, AvailableCluster());
  }

  void GivenRevisions() {
    v1::ListClusterRevisionsResponse list;
    v1::ClusterRevision& third = *list.add_revisions();
    third.set_revision(3);
    third.mutable_create_time()->set_seconds(1'800'000'000);
    third.set_cause("rollback-cluster");
    third.set_operation("op-3");
    third.set_restored_revision(1);
    third.add_changes("engine_version: 8.0 → 8.1");
    third.add_changes("tags.team: none → \"core\"");
    v1::ClusterRevision& first = *list.add_revisions();
    first.set_revision(1);
    first.mutable_create_time()->set_seconds(1'799'999'000);
    first.set_cause("create-cluster");
    first.set_operation("op-1");
    server_.Answer<v1::ListClusterRevisionsRequest>(list);
  }

  template <typename Response>
  static Response Planned() {
    Response response;
    response.add_changes("node_type: a → b");
    v1::PlannedStep& step = *response.add_plan();
    step.set_action("renew the node");
    step.set_node("orders-002");
    response.set_base_revision(7);
    return response;
  }

  v1::RollbackClusterRequest Asked() { return server_.Asked<v1::RollbackClusterRequest>().back(); }
};

constexpr char kShownPlan[] =
    "node_type: a → b\n\n"
    "STEP  WHAT            NODE        COST\n"
    "1     renew the node  orders-002  -\n\n"
    "made against revision 7; --check-revision 7 does it only if that is still the present one\n";

TEST_F(HistoryTest, HasARowForEachChange) {
  GivenRevisions();
  const Outcome outcome = Run("cluster history orders");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "REVISION  TIME                  BY                     OPERATION  CHANGES\n"
            "3         2027-01-15T08:00:00Z  rollback-cluster to 1  op-3       engine_version: 8.0 → 8.1\n"
            "                                                                  tags.team: none → \"core\"\n"
            "1         2027-01-15T07:43:20Z  create-cluster         op-1       -\n");
  EXPECT_EQ(Run("cluster history orders -o names").out, "3\n1\n");
  EXPECT_EQ(nlohmann::json::parse(Run("cluster history orders -o json").out)["revisions"][0]["restored_revision"], "1");
  EXPECT_EQ(server_.Asked<v1::ListClusterRevisionsRequest>().front().name(), "orders");
}

TEST_F(HistoryTest, ARollbackNamesTheRevisionAndWaits) {
  const Outcome outcome =
      Run("cluster rollback orders --to-revision 3 --apply-immediately --etag e1 --check-revision 5 --request-id r1 -o "
          "names");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "orders\n");
  EXPECT_EQ(Asked().name(), "orders");
  EXPECT_EQ(Asked().revision(), 3);
  EXPECT_TRUE(Asked().apply_immediately());
  EXPECT_EQ(Asked().etag(), "e1");
  EXPECT_EQ(Asked().check_revision(), 5);
  EXPECT_EQ(Asked().request_id(), "r1");
  EXPECT_FALSE(Asked().validate_only());
  EXPECT_EQ(server_.Asked<v1::WaitOperationRequest>().size(), 1U);
  EXPECT_EQ(Run("cluster rollback orders --to-revision 3 --no-wait").code, 0);
  EXPECT_EQ(server_.Asked<v1::WaitOperationRequest>().size(), 1U);
  EXPECT_FALSE(Asked().apply_immediately());
}

TEST_F(HistoryTest, ARollbackThatIsCheckedOnlyShowsWhatItWouldDo) {
  server_.Answer<v1::RollbackClusterRequest>(Planned<v1::RollbackClusterResponse>());
  const Outcome outcome = Run("cluster rollback orders --to-revision 3 --validate-only");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, kShownPlan);
  EXPECT_TRUE(Asked().validate_only());
}

TEST_F(HistoryTest, ARollbackNeedsARevision) {
  const Outcome outcome = Run("cluster rollback orders");
  EXPECT_EQ(outcome.code, 252);
  EXPECT_NE(outcome.err.find("--to-revision is required"), std::string::npos) << outcome.err;
  EXPECT_TRUE(server_.Asked<v1::RollbackClusterRequest>().empty());
}

TEST_F(HistoryTest, ARefusedRollbackKeepsTheWordsOfTheRevision) {
  server_.Refuse<v1::RollbackClusterRequest>(
      FailedPrecondition("revision: 1 cannot be restored: spec.engine_version: \"8.0\": it is a downgrade"));
  const Outcome outcome = Run("cluster rollback orders --to-revision 1");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_EQ(outcome.err,
            "error: FailedPrecondition: --to-revision: 1 cannot be restored: spec.engine_version: \"8.0\": it is a "
            "downgrade\nhint: `cachectl cluster history orders` shows what each revision changed, and `cachectl "
            "cluster modify` "
            "changes single fields back\n");
}

TEST_F(HistoryTest, APlanTellsTheRevisionItWasMadeAgainst) {
  server_.Answer<v1::ModifyClusterRequest>(Planned<v1::ModifyClusterResponse>());
  EXPECT_EQ(Run("cluster plan orders --node-type b").out, kShownPlan);
  v1::ModifyClusterResponse nothing;
  nothing.set_base_revision(8);
  server_.Answer<v1::ModifyClusterRequest>(nothing);
  EXPECT_EQ(Run("cluster plan orders --node-type b").out,
            "nothing would change in the definition\n\nno node changes; it would be done at once\n\n"
            "made against revision 8; --check-revision 8 does it only if that is still the present one\n");
  EXPECT_EQ(nlohmann::json::parse(Run("cluster plan orders --node-type b -o json").out)["base_revision"], "8");
}

TEST_F(HistoryTest, ARevisionOfTheUsersIsTriedOnce) {
  server_.Refuse<v1::ModifyClusterRequest>(Aborted("check_revision: 7 is not the present one"));
  const Outcome outcome = Run("cluster modify orders --tag a=b --check-revision 7");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_NE(outcome.err.find("error: Aborted: --check-revision: 7 is not the present one"), std::string::npos)
      << outcome.err;
  ASSERT_EQ(server_.Asked<v1::ModifyClusterRequest>().size(), 1U);
  EXPECT_EQ(server_.Asked<v1::ModifyClusterRequest>().front().check_revision(), 7);
}

TEST_F(HistoryTest, ANodeThatIsNotThereIsToldByItsFlag) {
  server_.Refuse<v1::RebootClusterRequest>(NotFound("nodes: orders has no node \"orders-009\""));
  EXPECT_EQ(Run("cluster reboot orders --node orders-009").err,
            "error: NotFound: --node: orders has no node \"orders-009\"\n");
}

TEST_F(HistoryTest, TheHelpOfCreateSaysWhatIsRequired) {
  EXPECT_NE(Run("cluster create --help").out.find("required, here or in --file"), std::string::npos);
  EXPECT_EQ(Run("cluster modify --help").out.find("required, here or in --file"), std::string::npos);
}

}  // namespace
}  // namespace cacheplane::cli
