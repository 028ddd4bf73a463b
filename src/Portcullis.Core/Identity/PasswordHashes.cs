namespace Portcullis.Core.Identity;

/// <summary>
/// The passwords of a Secret: a key for each user, or, since not every name can be a key, a key <c>htpasswd</c> with the lines of a file. Only bcrypt
/// hashes count: the others that htpasswd writes are guessed too quickly.
/// </summary>
public static class PasswordHashes
{
    public const string FileKey = "htpasswd";

    /// <summary>A check at this cost takes about a second; a costlier hash would let anybody keep the gateway busy.</summary>
    private const int MostCost = 14;

    /// <summary>Hashes by user. The first line of a user counts, and a key of his own before any line.</summary>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<KeyValuePair<string, string>> secret)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = secret.ToList();
        foreach (var (user, value) in entries.Where(e => e.Key != FileKey))
        {
            var text = value.Trim();
            Add(hashes, user, text.StartsWith(user + ":", StringComparison.Ordinal) ? text[(user.Length + 1)..] : text);
        }

        foreach (var line in entries.Where(e => e.Key == FileKey).SelectMany(e => e.Value.Split('\n')))
        {
            // A user's name may have colons (ci:shop), a hash has none.
            if (line.LastIndexOf(':') is > 0 and var colon)
            {
                Add(hashes, line[..colon], line[(colon + 1)..].Trim());
            }
        }

        return hashes;
    }

    /// <summary>Why users cannot log in by a Secret; null when each of its keys that is a user's counts, and there is one. Names keys, never their values.</summary>
    public static string? ProblemOf(IReadOnlyDictionary<string, string> secret, IReadOnlyCollection<string> users)
    {
        var hashes = Read(secret);
        var wrong = users.Where(u => secret.ContainsKey(u) && !hashes.ContainsKey(u)).Order(StringComparer.Ordinal).Take(3).ToList();
        return wrong.Count > 0 ? $"the key {string.Join(", ", wrong)} is not a bcrypt hash with a cost of at most {MostCost} (htpasswd -nB USER)"
            : users.Count > 0 && !users.Any(hashes.ContainsKey) ? $"it has a password of none of the users: it needs a key for each user, or the key {FileKey}, with bcrypt hashes (htpasswd -nB USER)"
            : null;
    }

    /// <summary>Whether it is a bcrypt hash that can be checked in reasonable time: <c>$2y$12$</c> and 53 characters.</summary>
    public static bool IsBcrypt(string hash) =>
        hash.Length == 60
        && hash[0] == '$' && hash[1] == '2' && hash[2] is ('a' or 'b' or 'y') && hash[3] == '$' && hash[6] == '$'
        && char.IsAsciiDigit(hash[4]) && char.IsAsciiDigit(hash[5])
        && ((hash[4] - '0') * 10) + (hash[5] - '0') is >= 4 and <= MostCost;

    private static void Add(Dictionary<string, string> hashes, string user, string hash)
    {
        if (IsBcrypt(hash))
        {
            hashes.TryAdd(user, hash);
        }
    }
}
