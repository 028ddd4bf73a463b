using System.Net;
using System.Net.Sockets;

namespace Portcullis.Http.Egress;

/// <summary>
/// An IPv6 address that stands for an IPv4 address, which a translator or a relay on the way reaches in its place: NAT64 and 6to4.
/// </summary>
/// <param name="Name">What the IPv6 address is.</param>
/// <param name="Address">The IPv4 address that is reached.</param>
internal sealed record EmbeddedAddress(string Name, IPAddress Address)
{
    private static readonly (IPNetwork Network, int Offset, string Name)[] All =
    [
        (IPNetwork.Parse("64:ff9b::/96"), 12, "a NAT64 address"),
        (IPNetwork.Parse("2002::/16"), 2, "a 6to4 address"),
    ];

    /// <summary>Null for every other address.</summary>
    public static EmbeddedAddress? In(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        foreach (var (network, offset, name) in All)
        {
            if (network.Contains(address))
            {
                return new EmbeddedAddress(name, new IPAddress(address.GetAddressBytes().AsSpan(offset, 4)));
            }
        }

        return null;
    }
}
