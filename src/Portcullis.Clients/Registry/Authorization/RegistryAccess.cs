namespace Portcullis.Clients.Registry.Authorization;

/// <summary>The rights that one request needs, and no more.</summary>
/// <param name="Repository">Null for the catalogue.</param>
/// <param name="Actions">On the repository.</param>
/// <param name="MountFrom">The repository that a blob is mounted from: pull on it is needed too. Null for none.</param>
public sealed record RegistryAccess(string? Repository, RegistryActions Actions, string? MountFrom = null)
{
    public static RegistryAccess Catalog { get; } = new(null, RegistryActions.Catalog);

    public static RegistryAccess Pull(string repository) => new(repository, RegistryActions.Pull);

    /// <summary>Registries ask for pull with every push.</summary>
    public static RegistryAccess Push(string repository, string? mountFrom = null) =>
        new(repository, RegistryActions.Pull | RegistryActions.Push, mountFrom == repository ? null : mountFrom);

    public static RegistryAccess Delete(string repository) => new(repository, RegistryActions.Delete);

    /// <summary>As a token server is asked for them (Docker registry token specification, scope).</summary>
    public IReadOnlyList<string> Scopes =>
        Repository is null ? ["registry:catalog:*"]
        : MountFrom is null ? [$"repository:{Repository}:{Verbs}"]
        : [$"repository:{Repository}:{Verbs}", $"repository:{MountFrom}:pull"];

    private string Verbs => string.Join(',', Enum.GetValues<RegistryActions>().Where(a => a != RegistryActions.None && Actions.HasFlag(a)).Select(a => a.ToString().ToLowerInvariant()));
}
