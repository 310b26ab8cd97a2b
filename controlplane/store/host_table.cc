#include "controlplane/store/host_table.h"

#include "controlplane/store/enum_text.h"
#include "controlplane/store/json_text.h"
#include "controlplane/store/sql/text.h"

namespace cacheplane::store {
namespace {

const sql::Table kHost{
    "host",
    {"agent"},
    {"zone", "memory_bytes", "images_json", "version", "fence", "peer_address", "last_heard", "admission"}};
const std::string kPut = sql::Put(kHost);
const std::string kSelect = sql::Select(kHost);
const std::string kFind = kSelect + " WHERE agent = $1";

// Hosts mostly have the same images as the one before.
const std::vector<model::Image>& ImagesIn(const std::string& json) {
  thread_local std::string known;
  thread_local std::vector<model::Image> images;
  if (known != json) {
    images.clear();
    FromJson(json, images);
    known = json;
  }
  return images;
}

model::Host ReadHost(sql::Row& row) {
  model::Host host;
  std::string images;
  std::string admission;
  row.Into(host.agent, host.zone, host.memory_bytes, images, host.version, host.fence, host.peer_address,
           host.last_heard, admission);
  host.images = ImagesIn(images);
  host.admission = EnumNamed(admission, model::AdmissionName,
                             {model::Admission::kOpen, model::Admission::kCordoned, model::Admission::kDraining});
  return host;
}

}  // namespace

void HostTable::PutHost(const model::Host& host) {
  session_.Execute(kPut, {host.agent, host.zone, host.memory_bytes, ToJson(host.images), host.version, host.fence,
                          host.peer_address, host.last_heard, AdmissionName(host.admission)});
}

std::optional<model::Host> HostTable::FindHost(const model::AgentName& agent) {
  return session_.Find(ReadHost, kFind, {agent});
}

std::vector<model::Host> HostTable::Hosts() { return session_.Select(ReadHost, kSelect + " ORDER BY agent"); }

}  // namespace cacheplane::store
