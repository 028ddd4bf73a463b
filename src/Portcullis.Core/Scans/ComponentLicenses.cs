using Portcullis.Core.Components;
using Portcullis.Core.Licences;

namespace Portcullis.Core.Scans;

/// <summary>The licences of a component as criteria compare them.</summary>
public static class ComponentLicenses
{
    /// <summary>The SPDX identifiers in its expression; empty when its licence is not known.</summary>
    public static IReadOnlyList<string> Of(Component component) => LicenseExpression.Identifiers(component.License);
}
