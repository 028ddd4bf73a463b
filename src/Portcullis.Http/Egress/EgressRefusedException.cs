namespace Portcullis.Http.Egress;

/// <summary>
/// A request was not sent because of where it would have gone. <see cref="HttpClient"/> throws it inside of a
/// <see cref="HttpRequestException"/>. Repeating the request does not help.
/// </summary>
public sealed class EgressRefusedException(string message) : Exception(message);
