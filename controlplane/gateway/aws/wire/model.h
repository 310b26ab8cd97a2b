// The API as data (data/elasticache-model.json): every operation, shape, wire name and error. Read once; what is in it
// is checked then, and a mistake stops the process.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cacheplane::gateway::aws {

enum class Kind { kStructure, kList, kString, kInteger, kDouble, kBoolean, kTimestamp };

struct Shape;

struct Member {
  std::string name;
  const Shape* shape = nullptr;
  bool required = false;
};

struct Shape {
  std::string name;
  Kind kind = Kind::kString;
  std::vector<Member> members;       // structure: in the model's order
  const Shape* item = nullptr;       // list
  std::string item_name;             // list, on the wire: "member" or the model's own; "": "SubnetId.1", as EC2 has it
  std::vector<std::string> allowed;  // string: the enumeration; empty: anything
};

struct ModelOperation {
  std::string name;
  const Shape* input = nullptr;
  const Shape* output = nullptr;  // null: the result is empty
  std::string result_wrapper;     // "CreateReplicationGroupResult"
};

struct ModelError {
  std::string code;
  int http = 400;
};

class ApiModel {
 public:
  // Of ElastiCache 2015-02-02.
  static const ApiModel& ElastiCache();

  // Null for an unknown one.
  const ModelOperation* FindOperation(std::string_view name) const;
  const ModelError* FindError(std::string_view shape) const;
  const std::map<std::string, ModelOperation, std::less<>>& operations() const { return operations_; }
  const std::string& xml_namespace() const { return xml_namespace_; }

 private:
  explicit ApiModel(std::string_view text);

  std::map<std::string, Shape, std::less<>> shapes_;
  std::map<std::string, ModelOperation, std::less<>> operations_;
  std::map<std::string, ModelError, std::less<>> errors_;
  std::string xml_namespace_;
};

}  // namespace cacheplane::gateway::aws
