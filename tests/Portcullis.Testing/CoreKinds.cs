using System.Reflection;
using Portcullis.Core;
using Portcullis.Core.Kinds;

namespace Portcullis.Testing;

/// <summary>
/// Every kind of Core, found by reflection: Core itself has no list of them, the program has. Sources come first, as in the program: they
/// would make the others again.
/// </summary>
public static class CoreKinds
{
    public static KindSet All { get; } = new(
    [
        .. typeof(WellKnown).Assembly.GetTypes()
            .Select(t => t.GetProperty(nameof(KindDefinition), BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
            .OfType<KindDefinition>()
            .OrderBy(k => k.Resource.Kind != "GitSource").ThenBy(k => k.Resource.Kind, StringComparer.Ordinal),
    ]);
}
