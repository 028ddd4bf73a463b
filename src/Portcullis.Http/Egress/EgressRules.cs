using System.Net;
using System.Net.Sockets;

namespace Portcullis.Http.Egress;

/// <summary>
/// Which addresses an outgoing request may reach: the public ones, and what the administrator names. Pure. An entry is a network in CIDR
/// notation, an address, a host, or <c>*.domain</c> for every host below a domain. An entry that names a host trusts it to choose its
/// addresses; one that names a network of translated addresses (NAT64, 6to4) allows only the translation: the IPv4 address inside must be
/// allowed too. An IPv4-mapped address counts as the IPv4 address, which is what the system connects to.
/// </summary>
public sealed class EgressRules
{
    private readonly List<IPNetwork> _networks = [];
    private readonly List<string> _hosts = [];

    private EgressRules()
    {
    }

    /// <summary>No exception: public addresses alone.</summary>
    public static EgressRules PublicOnly { get; } = new();

    /// <summary>Reads the administrator's entries. Each that cannot be read is a problem; the others count.</summary>
    public static EgressRules Parse(IEnumerable<string> allowed, out IReadOnlyList<string> problems)
    {
        var rules = new EgressRules();
        var found = new List<string>();
        foreach (var entry in allowed)
        {
            if (rules.Add(entry) is { } problem)
            {
                found.Add(problem);
            }
        }

        problems = found;
        return rules;
    }

    /// <summary>Why a connection to this address of a host is refused; null when it is allowed.</summary>
    public string? Refusal(string host, IPAddress address)
    {
        if (_hosts.Exists(allowed => Covers(allowed, Normalize(host))))
        {
            return null;
        }

        return NotAllowed(Plain(address)) is { } what ? $"{host} has the address {address}, which is {what} and not on the list of allowed destinations" : null;
    }

    /// <summary>The address that the system would connect to.</summary>
    internal static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private string? NotAllowed(IPAddress address)
    {
        var named = _networks.Exists(network => network.Contains(address));
        if (EmbeddedAddress.In(address) is { } embedded)
        {
            return !named ? embedded.Name : NotAllowed(embedded.Address) is { } inner ? $"{embedded.Name} for {inner}" : null;
        }

        return named ? null : SpecialNetworks.NameOf(address);
    }

    private string? Add(string entry)
    {
        if (entry.Contains('/', StringComparison.Ordinal))
        {
            return AddNetwork(entry);
        }

        if (IPAddress.TryParse(entry, out var address))
        {
            address = Plain(address);
            _networks.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
            return null;
        }

        var host = entry.StartsWith("*.", StringComparison.Ordinal) ? entry[2..] : entry;
        if (Uri.CheckHostName(host) != UriHostNameType.Dns)
        {
            return $"'{entry}' is no network, address or host: write for example 10.1.0.0/16, 10.1.2.3, registry.example.com or *.example.com";
        }

        _hosts.Add(Normalize(entry));
        return null;
    }

    private string? AddNetwork(string entry)
    {
        if (!IPNetwork.TryParse(entry, out var network))
        {
            return $"'{entry}' is no network: write its first address and the length of its prefix, as in 10.1.0.0/16";
        }

        if (network.BaseAddress.IsIPv4MappedToIPv6)
        {
            return $"'{entry}' is no network of its own: write the IPv4 network that it stands for";
        }

        _networks.Add(network);
        return null;
    }

    private static bool Covers(string allowed, string host) =>
        allowed.StartsWith("*.", StringComparison.Ordinal) ? host.Length > allowed.Length - 1 && host.EndsWith(allowed[1..], StringComparison.Ordinal) : host == allowed;

    private static string Normalize(string host) => host.TrimEnd('.').ToLowerInvariant();
}
