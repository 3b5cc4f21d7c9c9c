const split = (names: string): Set<string> => new Set(names.trim().split(/\s+/));

/** Error codes of POSIX, Node, DNS and signals: written as they are, because they are one word each. */
const CODES = split(`
  EACCES EADDRINUSE EADDRNOTAVAIL EAGAIN EAI_AGAIN EAI_FAIL EBADF EBUSY ECANCELED ECONNABORTED ECONNREFUSED
  ECONNRESET EDQUOT EEXIST EHOSTDOWN EHOSTUNREACH EINTR EINVAL EIO EISDIR EMFILE ENAMETOOLONG ENETDOWN
  ENETUNREACH ENFILE ENOBUFS ENOENT ENOMEM ENOSPC ENOTCONN ENOTDIR ENOTEMPTY ENOTFOUND ENOTSOCK EPERM EPIPE EPROTO
  EROFS ESOCKETTIMEDOUT ESRCH ETIMEDOUT ETXTBSY NXDOMAIN SERVFAIL SIGABRT SIGBUS SIGFPE SIGHUP SIGILL SIGINT
  SIGKILL SIGPIPE SIGQUIT SIGSEGV SIGTERM OOMKilled OOM CERT_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT
  UNABLE_TO_VERIFY_LEAF_SIGNATURE SELF_SIGNED_CERT_IN_CHAIN ERR_TLS_CERT_ALTNAME_INVALID DEADLINE_EXCEEDED
  RESOURCE_EXHAUSTED PERMISSION_DENIED UNAUTHENTICATED UNAVAILABLE NOAUTH MOVED LOADING WRONGTYPE MISCONF
`);

/**
 * Classes of exceptions that everybody's code throws: the Java and Python standard libraries, ECMAScript and
 * Node, the AWS SDKs, and the well-known database and HTTP clients. Others are shown by their last words only.
 */
const EXCEPTIONS = split(`
  Error Exception RuntimeException Throwable
  ArithmeticException ArrayIndexOutOfBoundsException BindException CertificateExpiredException ClassCastException
  ClassNotFoundException CompletionException ConcurrentModificationException ConnectException
  ConnectTimeoutException DateTimeParseException EOFException ExecutionException FileNotFoundException
  HttpTimeoutException IOException IllegalArgumentException IllegalStateException IndexOutOfBoundsException
  InterruptedException InvocationTargetException MalformedURLException NoClassDefFoundError NoRouteToHostException
  NoSuchElementException NoSuchMethodError NullPointerException NumberFormatException OutOfMemoryError
  RejectedExecutionException SQLException SQLTimeoutException SQLTransientConnectionException
  SQLNonTransientConnectionException SSLException SSLHandshakeException SSLPeerUnverifiedException SecurityException
  ServletException SocketException SocketTimeoutException StackOverflowError TimeoutException
  UncheckedIOException UnknownHostException UnsupportedOperationException ClosedChannelException
  BeanCreationException BeanDefinitionStoreException UnsatisfiedDependencyException DataAccessException
  DataIntegrityViolationException CannotGetJdbcConnectionException CannotCreateTransactionException
  PSQLException CommunicationsException JedisConnectionException RedisConnectionException
  RedisCommandTimeoutException MongoTimeoutException MongoSocketException NotLeaderForPartitionException
  ArithmeticError AssertionError AttributeError BlockingIOError BrokenPipeError BufferError ChildProcessError
  ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError EOFError FileExistsError
  FileNotFoundError FloatingPointError ImportError IndentationError IndexError IsADirectoryError KeyError
  KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotImplementedError OSError OverflowError
  PermissionError ProcessLookupError RecursionError RuntimeError StopIteration SyntaxError SystemError TimeoutError
  TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError ValueError ZeroDivisionError JSONDecodeError
  OperationalError ProgrammingError IntegrityError DatabaseError InterfaceError InternalError DoesNotExist
  ImproperlyConfigured MaxRetryError NewConnectionError ConnectTimeout ReadTimeout ReadTimeoutError SSLError
  SSLCertVerificationError HTTPError ClientError EndpointConnectionError NoCredentialsError
  AggregateError EvalError RangeError ReferenceError URIError AbortError DOMException FetchError AxiosError
  MongoServerSelectionError MongoNetworkError SequelizeConnectionError PrismaClientInitializationError
  JsonWebTokenError TokenExpiredError ValidationError
  AccessDeniedException AccessDenied ThrottlingException TooManyRequestsException ResourceNotFoundException
  ProvisionedThroughputExceededException RequestLimitExceeded ExpiredTokenException InvalidSignatureException
  UnrecognizedClientException ServiceUnavailableException ConditionalCheckFailedException NoSuchBucket NoSuchKey
  SlowDown CredentialsProviderError ResourceInitializationError
`);

/** Whether the word is an error code or an exception class from the closed lists. */
export function isKnownName(word: string): boolean {
  return CODES.has(word) || EXCEPTIONS.has(word);
}
