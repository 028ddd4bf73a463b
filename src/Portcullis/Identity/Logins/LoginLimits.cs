using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Identity.Logins;

/// <summary>
/// Bounds how many passwords can be tried within five minutes, counted over all copies of the gateway: ten for a user from one address, so that nobody else is
/// kept out by them; a hundred for a user from everywhere, and a hundred from an address. What cannot be guessed is bounded less (<see cref="GuessBound"/>), and who
/// has been verified a moment ago not at all.
/// </summary>
internal sealed class LoginLimits(IOtherFailures others, TimeProvider time)
{
    public const int MostForUserFromAddress = 10;
    public const int MostForUser = 100;
    public const int MostFromAddress = 100;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>The oldest are forgotten beyond it: to get there takes ten thousand names or addresses within five minutes.</summary>
    private const int MostKept = 10_000;

    private const int PrefixLengthOfSite = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, FailureCount> _own = new(StringComparer.Ordinal);
    private Action? _failed;

    /// <summary>Calls back after each failure; one at a time may be given.</summary>
    public void WhenFailed(Action react) => _failed = react;

    /// <summary>How long a log-in has to wait; null when it may be tried now.</summary>
    /// <param name="user">The name that is shown.</param>
    /// <param name="address">Where the client is; null when that is not known.</param>
    /// <param name="bound">What is tried.</param>
    public TimeSpan? Wait(string user, IPAddress? address, GuessBound bound)
    {
        var byAddress = bound == GuessBound.None || address is null ? null : WaitFor(OfAddress(address), MostFromAddress);
        return bound == GuessBound.NameAndAddress
            ? new[] { byAddress, WaitFor(OfUser(user), MostForUser), WaitFor(OfBoth(user, address), MostForUserFromAddress) }.Max()
            : byAddress;
    }

    /// <summary>Counts a failure. Of a token only the address counts: it says nothing about the user whom it names.</summary>
    public void Failed(string user, IPAddress? address, GuessBound bound)
    {
        lock (_gate)
        {
            if (address is not null)
            {
                Count(OfAddress(address));
            }

            if (bound == GuessBound.NameAndAddress)
            {
                Count(OfUser(user));
                Count(OfBoth(user, address));
            }
        }

        _failed?.Invoke();
    }

    /// <summary>What this copy counted within the window, the most frequent first.</summary>
    public IReadOnlyList<FailureCount> Own()
    {
        lock (_gate)
        {
            Forget();
            return [.. _own.Values.OrderByDescending(f => f.Count).ThenBy(f => f.Who, StringComparer.Ordinal)];
        }
    }

    private TimeSpan? WaitFor(string who, int most)
    {
        FailureCount? own;
        lock (_gate)
        {
            own = _own.GetValueOrDefault(who);
        }

        var now = time.GetUtcNow();
        var counts = others.Of(who).Append(own).OfType<FailureCount>().Where(f => now - f.Since < Window).ToList();
        return counts.Sum(f => f.Count) < most ? null : counts.Max(f => f.Since) + Window - now;
    }

    private void Count(string who)
    {
        var now = time.GetUtcNow();
        _own[who] = _own.TryGetValue(who, out var before) && now - before.Since < Window ? before with { Count = before.Count + 1 } : new FailureCount(who, 1, now);
        if (_own.Count > MostKept)
        {
            Forget();
        }
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var old in _own.Values.Where(f => now - f.Since >= Window).Concat(_own.Values.OrderByDescending(f => f.Since).Skip(MostKept)).ToList())
        {
            _own.Remove(old.Who);
        }
    }

    private static string OfUser(string user) => Digest("user " + Plain(user));

    private static string OfBoth(string user, IPAddress? address) => Digest($"user {Plain(user)}\n{(address is null ? "" : Counted(address))}");

    /// <summary>Directories do not care for capitals and spaces around a name, so they make no other user here either.</summary>
    private static string Plain(string user) => user.Trim().ToLowerInvariant();

    private static string OfAddress(IPAddress address) => Digest("address " + Counted(address));

    /// <summary>Of IPv6 the network counts, since a machine has as many addresses in it as it likes.</summary>
    private static string Counted(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        return Convert.ToHexString(plain.AddressFamily == AddressFamily.InterNetworkV6 ? bytes.AsSpan(0, PrefixLengthOfSite) : bytes);
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
}
