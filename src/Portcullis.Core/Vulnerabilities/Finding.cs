using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities;

/// <summary>A vulnerability that a component has.</summary>
public sealed record Finding
{
    public required Vulnerability Vulnerability { get; init; }

    public required Component Component { get; init; }

    /// <summary>The lowest version after the component's that is said to be free of it; null when there is none.</summary>
    public string? FixedIn { get; init; }

    public bool IsFixable => FixedIn is not null;

    /// <summary>Why it is not counted: an override of Git or a statement of the image's VEX document; null when it is counted.</summary>
    public string? Hidden { get; init; }
}
