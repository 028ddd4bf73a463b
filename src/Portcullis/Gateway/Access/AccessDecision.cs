using Portcullis.Core.Identity;
using Portcullis.Core.Registries.Requests;
using Portcullis.Core.Repositories;

namespace Portcullis.Gateway.Access;

/// <summary>Whether a request may be answered, for whom, and by which rule.</summary>
/// <param name="Caller">Who sends it, as far as it is known.</param>
/// <param name="Rule">What decided, for the audit.</param>
internal abstract record AccessDecision(GatewayCaller Caller, string Rule)
{
    public sealed record Allowed(GatewayCaller Caller, string Rule, Repository? Repository = null) : AccessDecision(Caller, Rule);

    /// <param name="Caller">Who sends it.</param>
    /// <param name="Rule">What decided.</param>
    /// <param name="Error">The answer.</param>
    /// <param name="Challenge">How to be allowed (<c>WWW-Authenticate</c>); null when no token would help.</param>
    public sealed record Refused(GatewayCaller Caller, string Rule, RegistryError Error, string? Challenge = null) : AccessDecision(Caller, Rule);
}
