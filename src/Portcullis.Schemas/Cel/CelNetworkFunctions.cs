using System.Globalization;
using System.Net;
using System.Net.Sockets;
using static Portcullis.Schemas.Cel.CelType;

namespace Portcullis.Schemas.Cel;

internal sealed record CelUrl(Uri Value, string Text) : CelOpaque
{
    public override string TypeName => CelType.Url.Name;
}

internal sealed record CelIp(IPAddress Value) : CelOpaque
{
    public override string TypeName => CelType.Ip.Name;
}

internal sealed record CelCidr(IPAddress Address, int Prefix) : CelOpaque
{
    public override string TypeName => CelType.Cidr.Name;

    public IPNetwork Network => new(CelNetworkFunctions.Mask(Address, Prefix), Prefix);
}

/// <summary>Kubernetes' URL, IP and CIDR libraries.</summary>
internal static class CelNetworkFunctions
{
    public static IEnumerable<CelOverload> All() => [.. Urls(), .. Ips(), .. Cidrs()];

    public static IPAddress Mask(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var bits = Math.Clamp(prefix - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xff << (8 - bits));
        }

        return new IPAddress(bytes);
    }

    private static CelOverload Parse(string name, CelType result, Func<string, CelOpaque?> parse, string what) =>
        new(name, false, [CelType.String], result, v => parse((string)v[0]!) ?? (object)new CelFault($"{what} parse error during conversion from string: {v[0]}")) { Cost = v => CelCosts.Text(v[0]) };

    private static CelOverload Test(string name, Func<string, CelOpaque?> parse) =>
        new(name, false, [CelType.String], Bool, v => CelEquality.Box(parse((string)v[0]!) is not null)) { Cost = v => CelCosts.Text(v[0]) };

    private static IEnumerable<CelOverload> Urls()
    {
        yield return Parse("url", CelType.Url, ParseUrl, "URL");
        yield return Test("isURL", ParseUrl);
        (string Name, Func<CelUrl, string> Part)[] parts =
        [
            ("getScheme", u => u.Value.IsAbsoluteUri ? u.Value.Scheme : ""), ("getHost", u => Authority(u, port: true)), ("getHostname", u => Authority(u, port: false).Trim('[', ']')),
            ("getPort", u => Authority(u, port: true) is var a && a.LastIndexOf(':') > a.LastIndexOf(']') ? a[(a.LastIndexOf(':') + 1)..] : ""),
            ("getEscapedPath", u => u.Value.IsAbsoluteUri ? (u.Value.AbsolutePath == "/" && !u.Text.EndsWith('/') ? "" : u.Value.AbsolutePath) : u.Text.Split('?', '#')[0]),
        ];
        foreach (var (name, part) in parts)
        {
            yield return new(name, true, [CelType.Url], CelType.String, v => part((CelUrl)v[0]!));
        }

        yield return new("getQuery", true, [CelType.Url], MapOf(CelType.String, ListOf(CelType.String)), v => Query((CelUrl)v[0]!));
    }

    private static CelUrl? ParseUrl(string text) =>
        (text.StartsWith('/') && Uri.TryCreate(text, UriKind.Relative, out var uri)) || (Uri.TryCreate(text, UriKind.Absolute, out uri) && uri.IsAbsoluteUri && text.Contains(':', StringComparison.Ordinal))
            ? new CelUrl(uri, text)
            : null;

    private static string Authority(CelUrl url, bool port)
    {
        var start = url.Text.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
        {
            return "";
        }

        var rest = url.Text[(start + 3)..];
        var end = rest.AsSpan().IndexOfAny('/', '?', '#');
        var host = end < 0 ? rest : rest[..end];
        host = host[(host.LastIndexOf('@') + 1)..];
        return port || host.LastIndexOf(':') <= host.LastIndexOf(']') ? host : host[..host.LastIndexOf(':')];
    }

    private static CelDictionary Query(CelUrl url)
    {
        var members = CelDictionary.NewMembers();
        var text = url.Text.Split('#')[0];
        var mark = text.IndexOf('?', StringComparison.Ordinal);
        foreach (var pair in (mark < 0 ? "" : text[(mark + 1)..]).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var key = WebUtility.UrlDecode(parts[0]);
            var before = members.TryGetValue(key, out var present) ? ((CelList)present!).Items : [];
            members[key] = new CelArray([.. before, WebUtility.UrlDecode(parts.ElementAtOrDefault(1) ?? "")]);
        }

        return new CelDictionary(members);
    }

    private static IEnumerable<CelOverload> Ips()
    {
        yield return Parse("ip", CelType.Ip, ParseIp, "IP Address");
        yield return Test("isIP", ParseIp);
        yield return new("ip.isCanonical", false, [CelType.String], Bool, v => ParseIp((string)v[0]!) is { } ip ? CelEquality.Box(ip.Value.ToString() == (string)v[0]!) : new CelFault($"IP Address parse error during conversion from string: {v[0]}"));
        yield return new("string", false, [CelType.Ip], CelType.String, v => ((CelIp)v[0]!).Value.ToString());
        yield return new("family", true, [CelType.Ip], Int, v => ((CelIp)v[0]!).Value.AddressFamily == AddressFamily.InterNetwork ? 4L : 6L);
        (string Name, Func<IPAddress, bool> Test)[] tests =
        [
            ("isUnspecified", ip => ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)), ("isLoopback", IPAddress.IsLoopback),
            ("isLinkLocalMulticast", ip => In(ip, "224.0.0.0/24") || (ip.IsIPv6Multicast && (ip.GetAddressBytes()[1] & 0x0f) == 2)), ("isLinkLocalUnicast", ip => ip.IsIPv6LinkLocal || In(ip, "169.254.0.0/16")),
            ("isGlobalUnicast", ip => !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any) && !ip.Equals(IPAddress.Broadcast) && !IPAddress.IsLoopback(ip) && !ip.IsIPv6Multicast && !In(ip, "224.0.0.0/4") && !ip.IsIPv6LinkLocal && !In(ip, "169.254.0.0/16")),
        ];
        foreach (var (name, test) in tests)
        {
            yield return new(name, true, [CelType.Ip], Bool, v => CelEquality.Box(test(((CelIp)v[0]!).Value)));
        }
    }

    private static bool In(IPAddress ip, string network) => ip.AddressFamily == AddressFamily.InterNetwork && IPNetwork.Parse(network).Contains(ip);

    private static CelIp? ParseIp(string text) =>
        IPAddress.TryParse(text, out var ip) && !text.AsSpan().ContainsAny('%', '[') && !ip.IsIPv4MappedToIPv6
            && (ip.AddressFamily == AddressFamily.InterNetworkV6 || ip.ToString() == text)
            ? new CelIp(ip)
            : null;

    private static IEnumerable<CelOverload> Cidrs()
    {
        yield return Parse("cidr", CelType.Cidr, ParseCidr, "CIDR");
        yield return Test("isCIDR", ParseCidr);
        yield return new("string", false, [CelType.Cidr], CelType.String, v => v[0] is CelCidr c ? Show(c) : CelFault.NoOverload);
        yield return new("containsIP", true, [CelType.Cidr, CelType.Ip], Bool, v => CelEquality.Box(((CelCidr)v[0]!).Network.Contains(((CelIp)v[1]!).Value)));
        yield return new("containsIP", true, [CelType.Cidr, CelType.String], Bool, v => ParseIp((string)v[1]!) is { } ip ? CelEquality.Box(((CelCidr)v[0]!).Network.Contains(ip.Value)) : new CelFault($"IP Address parse error during conversion from string: {v[1]}"));
        yield return new("containsCIDR", true, [CelType.Cidr, CelType.Cidr], Bool, v => Includes((CelCidr)v[0]!, (CelCidr)v[1]!));
        yield return new("containsCIDR", true, [CelType.Cidr, CelType.String], Bool, v => ParseCidr((string)v[1]!) is { } inner ? Includes((CelCidr)v[0]!, inner) : new CelFault($"CIDR parse error during conversion from string: {v[1]}"));
        yield return new("ip", true, [CelType.Cidr], CelType.Ip, v => new CelIp(((CelCidr)v[0]!).Address));
        yield return new("masked", true, [CelType.Cidr], CelType.Cidr, v => v[0] is CelCidr c ? new CelCidr(Mask(c.Address, c.Prefix), c.Prefix) : CelFault.NoOverload);
        yield return new("prefixLength", true, [CelType.Cidr], Int, v => (long)((CelCidr)v[0]!).Prefix);
    }

    private static string Show(CelCidr c) => string.Create(CultureInfo.InvariantCulture, $"{c.Address}/{c.Prefix}");

    private static object Includes(CelCidr outer, CelCidr inner) =>
        CelEquality.Box(outer.Address.AddressFamily == inner.Address.AddressFamily && outer.Prefix <= inner.Prefix && outer.Network.Contains(inner.Address));

    private static CelCidr? ParseCidr(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && ParseIp(text[..slash]) is { } ip && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            && prefix <= (ip.Value.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
            ? new CelCidr(ip.Value, prefix)
            : null;
    }
}
