using Portcullis.Core.Access;

namespace Portcullis.Core.Identity;

/// <summary>What a personal access token gives at most; its user's grants decide within that.</summary>
/// <param name="Token">The name of the token, which is not secret.</param>
/// <param name="Permission">The most that it gives on any repository.</param>
/// <param name="Repositories">Names; <c>*</c> stands for any part.</param>
public sealed record AccessTokenLimit(string Token, RepositoryPermission Permission, IReadOnlyList<string> Repositories)
{
    public bool Covers(string repository) => Glob.CoversAny(Repositories, repository);
}
