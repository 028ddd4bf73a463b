using System.Runtime.InteropServices;

namespace Portcullis.Http.Sending;

/// <summary>Names the program in the server's audit log.</summary>
public sealed class UserAgentHandler(string program) : DelegatingHandler
{
    private readonly string _value =
        $"{program}/{typeof(UserAgentHandler).Assembly.GetName().Version?.ToString(3) ?? "0"} ({(OperatingSystem.IsLinux() ? "linux" : "other")}/{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()})";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.UserAgent.Count == 0)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", _value);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
