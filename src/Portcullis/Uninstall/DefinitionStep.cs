namespace Portcullis.Uninstall;

/// <summary>Deletes the CRDs, and with them every object of our kinds, and waits until they are gone.</summary>
internal sealed class DefinitionStep(OwnDefinitions definitions, UninstallOptions options) : IRemovalStep
{
    public string Title => "CustomResourceDefinitions, with all their objects";

    public Task<IReadOnlyList<Removal>> FindAsync(CancellationToken cancellationToken) => definitions.RemovalsAsync(options.Patience, cancellationToken);
}
