namespace Portcullis.Signing;

/// <summary>A workload that is in the cluster.</summary>
/// <param name="Name">KIND NAMESPACE/NAME.</param>
/// <param name="Namespace">Where it is.</param>
/// <param name="Images">Its images, once each.</param>
internal sealed record RunningWorkload(string Name, string Namespace, IReadOnlyList<string> Images);
