using System.Globalization;
using System.Net;

namespace Portcullis.Http.Connections;

/// <summary>
/// Which proxy is used for a server: the one configured for it, else what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say, read as Go programs
/// read them (golang.org/x/net/http/httpproxy), so that kubectl, docker and we take the same way. Pure.
/// </summary>
public static class ProxyChoice
{
    /// <summary>Null for none.</summary>
    /// <param name="server">Where the requests go.</param>
    /// <param name="configured">The proxy that is configured for this server; null to ask the environment.</param>
    /// <param name="environment">The value of an environment variable.</param>
    /// <exception cref="InvalidProxyException">A variable names no proxy.</exception>
    public static WebProxy? For(Uri server, Uri? configured, Func<string, string?> environment)
    {
        if ((configured ?? OfEnvironment(server, environment)) is not { } address)
        {
            return null;
        }

        var proxy = new WebProxy(new UriBuilder(address) { UserName = "", Password = "" }.Uri);
        if (address.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var password])
        {
            // WebProxy does not read them from its address.
            proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(string.Concat(password)));
        }

        return proxy;
    }

    private static Uri? OfEnvironment(Uri server, Func<string, string?> environment)
    {
        var name = server.Scheme == Uri.UriSchemeHttps ? "HTTPS_PROXY" : "HTTP_PROXY";
        return Value(name, environment) is { Length: > 0 } text && !IsExempt(server, Value("NO_PROXY", environment) ?? "") ? Address(name, text) : null;
    }

    private static string? Value(string name, Func<string, string?> environment) =>
#pragma warning disable CA1308 // the other spelling of the variable
        environment(name) is { Length: > 0 } value ? value : environment(name.ToLowerInvariant());
#pragma warning restore CA1308

    private static Uri Address(string name, string text)
    {
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            text = $"http://{text}";
        }
        else if (text.StartsWith("socks5h://", StringComparison.OrdinalIgnoreCase))
        {
            // Names are the proxy's to resolve in both.
            text = $"socks5://{text["socks5h://".Length..]}";
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "socks5" && address.Host.Length > 0
            ? address
            : throw new InvalidProxyException(name);
    }

    /// <summary>Loopback always is; else an entry is <c>*</c>, an address, a network, or a domain, which stands for those below it too.</summary>
    private static bool IsExempt(Uri server, string list)
    {
        var host = server.IdnHost.TrimEnd('.');
        var isAddress = IPAddress.TryParse(host, out var address);
        if (host == "localhost" || (isAddress && IPAddress.IsLoopback(address!)))
        {
            return true;
        }

        return list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Any(entry => entry == "*" || (isAddress ? Covers(entry, address!, server.Port) : Covers(entry, host, server.Port)));
    }

    private static bool Covers(string entry, IPAddress address, int port)
    {
        // With host bits set it is a network all the same, which IPNetwork would refuse.
        if (entry.Split('/', 2) is [var start, var bits])
        {
            return IPAddress.TryParse(start, out var first)
                && first.AddressFamily == address.AddressFamily
                && int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                && length <= first.GetAddressBytes().Length * 8
                && SameBits(first.GetAddressBytes(), address.GetAddressBytes(), length);
        }

        return IPAddress.TryParse(entry, out var one)
            ? one.Equals(address)
            : IPEndPoint.TryParse(entry, out var point) && point.Address.Equals(address) && point.Port == port;
    }

    private static bool SameBits(byte[] one, byte[] other, int length)
    {
        for (var bit = 0; bit < length; bit++)
        {
            if (((one[bit / 8] ^ other[bit / 8]) & (0x80 >> (bit % 8))) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Covers(string entry, string host, int port)
    {
        if (entry.Split(':') is [var name, var wanted])
        {
            if (wanted != port.ToString(CultureInfo.InvariantCulture))
            {
                return false;
            }

            entry = name;
        }

        var below = entry.StartsWith("*.", StringComparison.Ordinal) ? entry[1..] : entry;
        return below.StartsWith('.')
            ? host.EndsWith(below, StringComparison.OrdinalIgnoreCase)
            : below.Length > 0 && (host.Equals(below, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{below}", StringComparison.OrdinalIgnoreCase));
    }
}
