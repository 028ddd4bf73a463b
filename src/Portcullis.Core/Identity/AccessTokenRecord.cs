using System.Globalization;
using Portcullis.Core.Access;

namespace Portcullis.Core.Identity;

/// <summary>What the Secret of a personal access token says.</summary>
/// <param name="User">Whose it is.</param>
/// <param name="Digest"><see cref="AccessTokenText.DigestOf"/>.</param>
/// <param name="Limit">What it gives at most.</param>
/// <param name="ExpiresAt">Null for no end.</param>
public sealed record AccessTokenRecord(string User, string Digest, AccessTokenLimit Limit, DateTimeOffset? ExpiresAt)
{
    public const string UserKey = "user";
    public const string DigestKey = "sha256";
    public const string PermissionKey = "permission";
    public const string RepositoriesKey = "repositories";
    public const string ExpiresKey = "expiresAt";

    private static readonly char[] Separators = [' ', ',', '\n', '\r', '\t'];

    public bool HasExpired(DateTimeOffset now) => ExpiresAt <= now;

    /// <summary>Null when the Secret holds no token that could count: whatever is not clear is no token.</summary>
    /// <param name="name">Of the Secret.</param>
    /// <param name="label">The value of its label <see cref="WellKnown.Labels.AccessTokenOf"/>: the user, where no key says who it is.</param>
    /// <param name="value">The value of a key; null when there is none.</param>
    public static AccessTokenRecord? Read(string name, string? label, Func<string, string?> value)
    {
        var user = (value(UserKey) ?? label)?.Trim();
        var digest = value(DigestKey)?.Trim().ToLowerInvariant();
        if (string.IsNullOrEmpty(user) || digest is not { Length: 64 } || Permission(value(PermissionKey)?.Trim()) is not { } permission
            || !TryReadTime(value(ExpiresKey)?.Trim(), out var expires))
        {
            return null;
        }

        var repositories = value(RepositoriesKey)?.Split(Separators, StringSplitOptions.RemoveEmptyEntries) ?? ["*"];
        return new AccessTokenRecord(user, digest, new AccessTokenLimit(name, permission, repositories), expires);
    }

    /// <summary>As Grants write permissions; read when it is not said.</summary>
    private static RepositoryPermission? Permission(string? text) => text switch
    {
        null or "" or "read" => RepositoryPermission.Read,
        "sign" => RepositoryPermission.Sign,
        "readWrite" => RepositoryPermission.ReadWrite,
        "admin" => RepositoryPermission.Admin,
        _ => null,
    };

    private static bool TryReadTime(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var read = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value);
        time = value;
        return read;
    }
}
