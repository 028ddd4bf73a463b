using Portcullis.Core.Identity;

namespace Portcullis.Identity.Stored;

/// <summary>What is known now of somebody who has logged in before.</summary>
internal interface ICallerFacts
{
    /// <summary>His groups: those that his identity provider reported, and those of the Organizations and teams that he is in.</summary>
    IReadOnlyCollection<string> GroupsOf(string user, IReadOnlyCollection<string> reported);

    /// <summary>What a personal access token gives at most; null when this user has none of that name that counts now, or another one than the proof is of.</summary>
    AccessTokenLimit? LimitOf(string accessToken, string user, string? proof);
}
