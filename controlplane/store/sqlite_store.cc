#include "controlplane/store/sqlite_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "controlplane/store/access_key_table.h"
#include "controlplane/store/audit_table.h"
#include "controlplane/store/cluster_table.h"
#include "controlplane/store/host_table.h"
#include "controlplane/store/journal_table.h"
#include "controlplane/store/migrations/migrations.h"
#include "controlplane/store/network_table.h"
#include "controlplane/store/parameter_group_table.h"
#include "controlplane/store/plan_table.h"

namespace cacheplane::store {
namespace {

class SqlTransaction final : public ports::Transaction {
 public:
  explicit SqlTransaction(sql::Session& session)
      : clusters_(session),
        plan_(session),
        network_(session),
        parameter_groups_(session),
        journal_(session),
        hosts_(session),
        access_keys_(session),
        audit_(session) {}
  ports::ClusterTable& clusters() override { return clusters_; }
  ports::PlanTable& plan() override { return plan_; }
  ports::NetworkTable& network() override { return network_; }
  ports::ParameterGroupTable& parameter_groups() override { return parameter_groups_; }
  ports::JournalTable& journal() override { return journal_; }
  ports::HostTable& hosts() override { return hosts_; }
  ports::AccessKeyTable& access_keys() override { return access_keys_; }
  ports::AuditTable& audit() override { return audit_; }

 private:
  ClusterTable clusters_;
  PlanTable plan_;
  NetworkTable network_;
  ParameterGroupTable parameter_groups_;
  JournalTable journal_;
  HostTable hosts_;
  AccessKeyTable access_keys_;
  AuditTable audit_;
};

// SQLite would create the file readable by everybody; its companions (-wal, -shm) inherit the mode.
Status CreateIfMissing(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Internal(fmt::format("open {}: {}", path.string(), std::strerror(errno)));
  close(fd);
  return {};
}

}  // namespace

Result<std::unique_ptr<ports::Store>> SqliteStore::Open(const std::filesystem::path& path) {
  CP_RETURN_IF_ERROR(CreateIfMissing(path));
  CP_ASSIGN_OR_RETURN(auto writer, sqlite::Connection::Open(path, sqlite::Access::kWrite));
  CP_RETURN_IF_ERROR(writer->CheckIntegrity());
  const Status migrated = Migrate(*writer, SqliteMigrations());
  if (!migrated.ok()) return Annotate(migrated.error(), path.string());
  return std::unique_ptr<ports::Store>(new SqliteStore(std::move(writer), path));
}

SqliteStore::SqliteStore(std::unique_ptr<sqlite::Connection> writer, const std::filesystem::path& path)
    : writer_(std::move(writer)), readers_(path) {}

SqliteStore::~SqliteStore() = default;

void SqliteStore::Read(const std::function<void(ports::Transaction&)>& function) {
  auto reader = readers_.Take();
  reader->BeginRead();
  SqlTransaction transaction(*reader);
  function(transaction);
  reader->Rollback();
  readers_.GiveBack(std::move(reader));
}

Status SqliteStore::Write(const std::function<Status(ports::Transaction&)>& function) {
  const std::scoped_lock one_writer(writing_);
  CP_RETURN_IF_ERROR(writer_->BeginWrite());
  SqlTransaction transaction(*writer_);
  const Status status = function(transaction);
  if (status.ok()) {
    writer_->Commit();
  } else {
    writer_->Rollback();
  }
  return status;
}

}  // namespace cacheplane::store
