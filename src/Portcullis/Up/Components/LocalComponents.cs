namespace Portcullis.Up.Components;

/// <summary>The servers that <c>portcullis up</c> can run: a new one is a new file and a line here.</summary>
internal static class LocalComponents
{
    public static IReadOnlyList<string> Names { get; } = [EngineComponent.Name, RegistryComponent.Name, NotaryComponent.Name];

    /// <summary>All but those left out.</summary>
    public static IEnumerable<ILocalComponent> Of(StateFolder state, TokenSigningKey signing, IReadOnlyList<string> without) =>
        new ILocalComponent[] { new EngineComponent(state), new RegistryComponent(state, signing), new NotaryComponent(state, signing) }.Where(c => !without.Contains(c.Name));
}
