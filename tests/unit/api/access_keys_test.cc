// AccessKeyService over the wire.
#include "tests/unit/api/served.h"

namespace cacheplane::api {
namespace {

class ServedAccessKeys : public Served {
 protected:
  v1::CreateAccessKeyResponse Create(const std::string& role) {
    v1::CreateAccessKeyRequest request;
    request.set_role(role);
    request.set_description("of a test");
    v1::CreateAccessKeyResponse response;
    const grpc::Status status = stub->CreateAccessKey(Context().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  v1::ListAccessKeysResponse List() {
    v1::ListAccessKeysResponse response;
    EXPECT_TRUE(stub->ListAccessKeys(Context().get(), {}, &response).ok());
    return response;
  }
  grpc::Status Delete(const std::string& id) {
    v1::DeleteAccessKeyRequest request;
    request.set_id(id);
    v1::DeleteAccessKeyResponse response;
    return stub->DeleteAccessKey(Context().get(), request, &response);
  }

  std::unique_ptr<v1::AccessKeyService::Stub> stub = v1::AccessKeyService::NewStub(channel);
};

TEST_F(ServedAccessKeys, OnlyTheAnswerToCreateHasTheSecret) {
  const v1::CreateAccessKeyResponse created = Create("viewer");
  EXPECT_EQ(created.secret_access_key(), "secret of " + created.access_key().id());
  EXPECT_EQ(created.access_key().role(), "viewer");
  EXPECT_EQ(created.access_key().description(), "of a test");
  EXPECT_GT(created.access_key().create_time().seconds(), 0);
  const v1::ListAccessKeysResponse list = List();
  ASSERT_EQ(list.access_keys_size(), 1);
  EXPECT_EQ(list.access_keys(0).SerializeAsString(), created.access_key().SerializeAsString());
}

TEST_F(ServedAccessKeys, ARevokedKeyTellsWhen) {
  const std::string id = Create("").access_key().id();
  EXPECT_FALSE(List().access_keys(0).has_revoke_time());
  EXPECT_TRUE(Delete(id).ok());
  EXPECT_TRUE(Delete(id).ok());
  EXPECT_TRUE(List().access_keys(0).has_revoke_time());
}

TEST_F(ServedAccessKeys, RefusalsHaveTheirCodes) {
  EXPECT_EQ(Delete("AKIAX").error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Delete("").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  v1::CreateAccessKeyRequest request;
  request.set_role("root");
  v1::CreateAccessKeyResponse response;
  EXPECT_EQ(stub->CreateAccessKey(Context().get(), request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace cacheplane::api
