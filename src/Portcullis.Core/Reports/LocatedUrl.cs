using Portcullis.Core.Components;

namespace Portcullis.Core.Reports;

/// <summary>The package URL of a component of an image.</summary>
internal static class LocatedUrl
{
    /// <summary>That of a distribution's package names the distribution that its advisories are of.</summary>
    /// <param name="located">The component.</param>
    /// <param name="image">The distribution of the image.</param>
    public static string Url(this LocatedComponent located, Distribution? image) => ComponentUrl.Of(located.Component, located.Distribution ?? image).ToString();
}
