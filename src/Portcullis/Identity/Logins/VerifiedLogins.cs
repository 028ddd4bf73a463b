using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Identity.Logins;

/// <summary>
/// Log-ins that were checked some minutes ago, so that a client which shows its password for each token costs no slow hash and no question to a
/// directory. Kept is a digest with a key of this process, never a password; an entry counts no longer once what it was checked against changes.
/// </summary>
internal sealed class VerifiedLogins(TimeProvider time)
{
    private const int Most = 50_000;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<(UInt128 High, UInt128 Low), (LoginVerdict.Authenticated Verdict, DateTimeOffset Until)> _known = new();

    /// <summary>Null when it has to be checked.</summary>
    public LoginVerdict.Authenticated? Find(LoginAttempt attempt)
    {
        var digest = DigestOf(attempt);
        if (!_known.TryGetValue(digest, out var found))
        {
            return null;
        }

        if (time.GetUtcNow() < found.Until && found.Verdict.StillHolds())
        {
            return found.Verdict;
        }

        _known.TryRemove(digest, out _);
        return null;
    }

    public void Add(LoginAttempt attempt, LoginVerdict.Authenticated verdict)
    {
        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        var until = time.GetUtcNow() + verdict.KeepFor;
        _known[DigestOf(attempt)] = (verdict, verdict.Caller.ExpiresAt < until ? verdict.Caller.ExpiresAt.Value : until);
    }

    private (UInt128 High, UInt128 Low) DigestOf(LoginAttempt attempt)
    {
        // The length of the name, so that no other division of the same letters is the same log-in.
        var length = Encoding.UTF8.GetByteCount(attempt.User);
        var text = new byte[4 + length + Encoding.UTF8.GetByteCount(attempt.Password)];
        BitConverter.TryWriteBytes(text, length);
        Encoding.UTF8.GetBytes(attempt.User, text.AsSpan(4));
        Encoding.UTF8.GetBytes(attempt.Password, text.AsSpan(4 + length));
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, text, digest);
        CryptographicOperations.ZeroMemory(text);
        return (BitConverter.ToUInt128(digest), BitConverter.ToUInt128(digest[16..]));
    }
}
