#include <algorithm>
#include <string>

#include "cacheplane/v1/audit.pb.h"
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

class AuditCommandTest : public CommandLineTest {
 protected:
  // As many as are asked for, of `there_are`, numbered from the newest.
  void GivenRecords(int there_are) {
    server_.On<v1::ListAuditRecordsRequest, v1::ListAuditRecordsResponse>(
        [there_are](const v1::ListAuditRecordsRequest& request, v1::ListAuditRecordsResponse* response) -> Status {
          const int first = request.page_token().empty() ? 0 : std::stoi(request.page_token());
          const int end = std::min(there_are, first + request.page_size());
          for (int i = first; i < end; ++i) response->add_records()->set_sequence(there_are - i);
          if (end < there_are) response->set_next_page_token(std::to_string(end));
          return {};
        });
  }
  std::size_t Lines(const std::string& line) {
    const std::string out = Run(line).out;
    return static_cast<std::size_t>(std::count(out.begin(), out.end(), '\n'));
  }
};

TEST_F(AuditCommandTest, ListShowsWhoDidWhatAndWhatCameOfIt) {
  v1::ListAuditRecordsResponse list;
  v1::AuditRecord& done = *list.add_records();
  done.set_sequence(2);
  done.mutable_time()->set_seconds(1'795'395'945);
  done.set_admitted(true);
  done.set_caller("AKIAB");
  done.set_caller_name("build");
  done.set_peer("127.0.0.1:4711");
  done.set_interface("aws-query");
  done.set_operation("ModifyReplicationGroup");
  done.set_resource_kind("cluster");
  done.set_resource("orders");
  done.set_outcome("ok");
  v1::AuditChange& change = *done.add_changes();
  change.set_field("revision");
  change.set_before("1");
  change.set_after("2");
  v1::AuditRecord& refused = *list.add_records();
  refused.set_sequence(1);
  refused.mutable_time()->set_seconds(1'795'395'944);
  refused.set_operation("CreateUser");
  refused.set_caller("AKIAX");
  refused.set_outcome("InvalidClientTokenId");
  refused.set_message("no\x1b[1m such key");
  server_.Answer<v1::ListAuditRecordsRequest>(list);
  const std::string out = Run("audit list").out;
  EXPECT_NE(out.find("AKIAB (build)       127.0.0.1:4711  aws-query  ModifyReplicationGroup  cluster/orders  ok "),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("revision: 1 → 2"), std::string::npos) << out;
  EXPECT_NE(out.find("AKIAX (not let in)"), std::string::npos) << out;
  EXPECT_NE(out.find("no\\x1b[1m such key"), std::string::npos) << out;
  EXPECT_EQ(Run("audit list -o names").out, "2\n1\n");
  EXPECT_NE(Run("audit list -o json").out.find("\"caller_name\": \"build\""), std::string::npos);
}

TEST_F(AuditCommandTest, FlagsBecomeTheRequest) {
  GivenRecords(0);
  EXPECT_EQ(Run("audit list --resource cluster/orders --since 1h --limit 7").code, 0);
  const auto asked = server_.Asked<v1::ListAuditRecordsRequest>().front();
  EXPECT_EQ(asked.resource(), "cluster/orders");
  EXPECT_EQ(asked.page_size(), 7);
  EXPECT_GT(asked.start_time().seconds(), 0);
}

TEST_F(AuditCommandTest, TheLimitCountsOverPages) {
  GivenRecords(250);
  EXPECT_EQ(Lines("audit list -o names"), 100U);
  EXPECT_EQ(Lines("audit list -o names --limit 230"), 230U);
  EXPECT_EQ(Lines("audit list -o names --limit 1000"), 250U);
  EXPECT_EQ(Run("audit list --limit 0").code, 252);
  EXPECT_EQ(Run("audit list --limit 100001").code, 252);
}

}  // namespace
}  // namespace cacheplane::cli
