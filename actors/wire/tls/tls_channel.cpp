#include "actors/wire/tls/tls_channel.hpp"

#include "actors/wire/tls/pem.hpp"

namespace settle {
namespace {

constexpr std::size_t kRecordBytes = 16 << 10;
constexpr long kLongestCertificates = 16 << 10;  // that a stranger may make us read

// Where a session's encrypted bytes come from and go to, during one call.
struct Line {
  std::span<const char> in;
  Bytes* out = nullptr;
};

int write_line(BIO* bio, const char* bytes, int count) {
  append(*static_cast<Line*>(BIO_get_data(bio))->out, {bytes, static_cast<std::size_t>(count)});
  return count;
}

int read_line(BIO* bio, char* into, int most) {
  auto& in = static_cast<Line*>(BIO_get_data(bio))->in;
  BIO_clear_retry_flags(bio);
  const auto taken = in.first(std::min(in.size(), static_cast<std::size_t>(most)));
  if (taken.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  std::ranges::copy(taken, into);
  in = in.subspan(taken.size());
  return static_cast<int>(taken.size());
}

long control_line(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* line_method() {
  static const std::unique_ptr<BIO_METHOD, OpensslFree<BIO_meth_free>> method = [] {
    std::unique_ptr<BIO_METHOD, OpensslFree<BIO_meth_free>> made(
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "settle line"));
    openssl_expect(made && BIO_meth_set_write(made.get(), write_line) == 1 &&
                       BIO_meth_set_read(made.get(), read_line) == 1 &&
                       BIO_meth_set_ctrl(made.get(), control_line) == 1,
                   "a line");
    return made;
  }();
  return method.get();
}

class TlsChannel final : public Channel {
 public:
  TlsChannel(SSL_CTX* context, PeerRole role, const std::string& name, std::uint64_t rekey_after)
      : tls_(SSL_new(context)), rekey_after_(rekey_after) {
    BIO* const bio = BIO_new(line_method());
    openssl_expect(tls_ && bio != nullptr && SSL_set1_host(tls_.get(), name.c_str()) == 1, "a new session");
    SSL_set_hostflags(tls_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    BIO_set_data(bio, &line_);
    BIO_set_init(bio, 1);
    SSL_set_bio(tls_.get(), bio, bio);
    if (role == PeerRole::connected)
      SSL_set_connect_state(tls_.get());
    else
      SSL_set_accept_state(tls_.get());
  }
  TlsChannel(const TlsChannel&) = delete;  // the session knows where line_ is
  TlsChannel& operator=(const TlsChannel&) = delete;

  bool established() const noexcept override { return !failed_ && SSL_is_init_finished(tls_.get()) == 1; }

  void start(Bytes& line) override {
    receive({}, line, [](std::span<const char>) {});
  }

  void receive(std::span<const char> received, Bytes& line, const Sink& sink) override {
    line_ = {received, &line};
    ERR_clear_error();
    if (!established()) check(SSL_do_handshake(tls_.get()));
    finished_ = finished_ || established();
    std::array<char, kRecordBytes> plain;
    while (established()) {
      std::size_t count = 0;
      ERR_clear_error();
      const int outcome = SSL_read_ex(tls_.get(), plain.data(), plain.size(), &count);
      if (outcome != 1) {
        check(outcome);
        return;
      }
      sink(std::span(plain).first(count));
    }
  }

  void send(std::span<const char> plain, Bytes& line) override {
    if (plain.empty()) return;
    line_ = {{}, &line};
    ERR_clear_error();
    if (sent_ >= rekey_after_) {
      openssl_expect(SSL_key_update(tls_.get(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1, "a new key");
      sent_ = 0;
    }
    std::size_t written = 0;
    const int outcome = SSL_write_ex(tls_.get(), plain.data(), plain.size(), &written);
    openssl_expect(outcome == 1 && written == plain.size(), "encryption");
    sent_ += written;
  }

 private:
  // Errors: as `receive`, unless all is well or the line has to say more first.
  void check(int outcome) {
    if (outcome == 1) return;
    const int error = SSL_get_error(tls_.get(), outcome);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_ZERO_RETURN) return;
    failed_ = true;
    const long verdict = SSL_get_verify_result(tls_.get());
    const bool alert = ERR_GET_REASON(ERR_peek_last_error()) >= SSL_AD_REASON_OFFSET;
    const std::string reason = openssl_reason();
    if (verdict != X509_V_OK)
      throw NotAuthorised(std::string("its certificate is not one of this run: ") +
                          X509_verify_cert_error_string(verdict));
    if (alert) throw NotAuthorised("it does not take this host for one of its run: " + reason);
    if (!finished_) throw NotAuthorised("it did not show that it belongs to this run: " + reason);
    throw BadData("its encrypted bytes are damaged: " + reason);
  }

  TlsOwner tls_;
  Line line_;
  std::uint64_t rekey_after_;
  std::uint64_t sent_ = 0;  // with the present key
  bool finished_ = false;   // the handshake
  bool failed_ = false;
};

}  // namespace

void TlsContext::Release::operator()(ssl_ctx_st* context) const noexcept { SSL_CTX_free(context); }

TlsContext::TlsContext(const Credentials& credentials, const std::string& name, CalendarTime now,
                       std::uint64_t rekey_after)
    : context_(SSL_CTX_new(TLS_method())), name_(name), rekey_after_(rekey_after) {
  check_credentials(credentials, name, now);
  SSL_CTX* const context = context_.get();
  openssl_expect(context != nullptr && SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
                     SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384") == 1 &&
                     SSL_CTX_set_num_tickets(context, 0) == 1,
                 "a context");
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_max_cert_list(context, kLongestCertificates);

  const std::vector<CertificateOwner> chain = read_certificates(credentials.certificate);
  openssl_expect(SSL_CTX_use_certificate(context, chain.front().get()) == 1 &&
                     SSL_CTX_use_PrivateKey(context, read_key(credentials.key).get()) == 1,
                 "a certificate");
  for (std::size_t i = 1; i < chain.size(); ++i)
    openssl_expect(SSL_CTX_add1_chain_cert(context, chain[i].get()) == 1, "a chain of certificates");
  for (const CertificateOwner& ca : read_certificates(credentials.ca))
    openssl_expect(X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get()) == 1, "a CA");
}

std::unique_ptr<Channel> TlsContext::open(PeerRole role) const {
  return std::make_unique<TlsChannel>(context_.get(), role, name_, rekey_after_);
}

}  // namespace settle
