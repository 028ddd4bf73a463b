using System.Net;
using System.Net.Sockets;

namespace Portcullis.Http.Egress;

/// <summary>
/// The addresses that are not on the public internet: IANA's special-purpose registries for IPv4 and IPv6, and of IPv6 everything outside
/// of global unicast (2000::/3).
/// </summary>
internal static class SpecialNetworks
{
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly (IPNetwork Network, string Name)[] All =
    [
        Entry("0.0.0.0/8", "an unspecified address"),
        Entry("10.0.0.0/8", "a private address"),
        Entry("100.64.0.0/10", "a shared address (carrier-grade NAT)"),
        Entry("127.0.0.0/8", "a loopback address"),
        Entry("169.254.0.0/16", "a link-local address"),
        Entry("172.16.0.0/12", "a private address"),
        Entry("192.0.0.0/24", "a protocol assignment"),
        Entry("192.0.2.0/24", "a documentation address"),
        Entry("192.88.99.0/24", "a 6to4 relay"),
        Entry("192.168.0.0/16", "a private address"),
        Entry("198.18.0.0/15", "a benchmarking address"),
        Entry("198.51.100.0/24", "a documentation address"),
        Entry("203.0.113.0/24", "a documentation address"),
        Entry("224.0.0.0/4", "a multicast address"),
        Entry("240.0.0.0/4", "a reserved address"),
        Entry("::/128", "an unspecified address"),
        Entry("::1/128", "a loopback address"),
        Entry("fc00::/7", "a unique-local address"),
        Entry("fe80::/10", "a link-local address"),
        Entry("ff00::/8", "a multicast address"),
        Entry("64:ff9b:1::/48", "a local NAT64 address"),
        Entry("2001:db8::/32", "a documentation address"),
        Entry("2001::/23", "a protocol assignment"),
        Entry("3fff::/20", "a documentation address"),
    ];

    /// <summary>What an address is when it is not public; null when it is.</summary>
    public static string? NameOf(IPAddress address)
    {
        foreach (var (network, name) in All)
        {
            if (network.Contains(address))
            {
                return name;
            }
        }

        return address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address) ? null : "no global unicast address";
    }

    private static (IPNetwork Network, string Name) Entry(string network, string name) => (IPNetwork.Parse(network), name);
}
