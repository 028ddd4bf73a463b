using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities;

/// <summary>A vulnerability in an image.</summary>
/// <param name="Located">The component that has it, and where that is.</param>
/// <param name="Finding">What it has.</param>
public sealed record LocatedFinding(LocatedComponent Located, Finding Finding);
