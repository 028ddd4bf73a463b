using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Identity.Logins;

/// <summary>
/// Bounds how many passwords can be tried: ten for a user and a hundred from an address within five minutes, counted over all copies of the gateway.
/// Who has been verified a moment ago is not held up by somebody else's guesses.
/// </summary>
internal sealed class LoginLimits(IOtherFailures others, TimeProvider time)
{
    public const int MostForUser = 10;
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
    public TimeSpan? Wait(string user, IPAddress? address) =>
        new[] { WaitFor(OfUser(user), MostForUser), address is null ? null : WaitFor(OfAddress(address), MostFromAddress) }.Max();

    public void Failed(string user, IPAddress? address)
    {
        lock (_gate)
        {
            Count(OfUser(user));
            if (address is not null)
            {
                Count(OfAddress(address));
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

    /// <summary>Directories do not care for capitals and spaces around a name, so they make no other user here either.</summary>
    private static string OfUser(string user) => Digest("user " + user.Trim().ToLowerInvariant());

    /// <summary>Of IPv6 the network counts, since a machine has as many addresses in it as it likes.</summary>
    private static string OfAddress(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        return Digest("address " + Convert.ToHexString(plain.AddressFamily == AddressFamily.InterNetworkV6 ? bytes.AsSpan(0, PrefixLengthOfSite) : bytes));
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
}
