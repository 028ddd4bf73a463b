using Portcullis.Actions;
using Portcullis.Clients.Notary;
using Portcullis.Core.Trust;

namespace Portcullis.Trust.Delegations;

/// <summary>Signs and publishes one update. The server takes all of it or nothing.</summary>
internal sealed class TrustExecutor(ObservedTrust trust) : IActionExecutor<TrustAction>
{
    /// <summary>A Notary server does not say who published.</summary>
    public Task<Attribution?> AttributeAsync(TrustAction action, CancellationToken cancellationToken) => Task.FromResult<Attribution?>(
        action is TrustAction.Publish { Reverts.Count: > 0 } publish
            ? new Attribution.Unknown { Details = $"in targets of version {trust.Set?.Targets?.Content.Version}: {publish.Reverts[0]}" }
            : null);

    public async Task ExecuteAsync(TrustAction action, CancellationToken cancellationToken)
    {
        if (action is not TrustAction.Publish publish || trust.Server is null)
        {
            throw new InvalidOperationException($"{action.GetType().Name} is no action of trust data");
        }

        try
        {
            var files = new TrustUpdate(trust).Of(publish);
            await trust.Server.PublishAsync(publish.Gun, files.ToDictionary(f => f.Key, f => (ReadOnlyMemory<byte>)f.Value, StringComparer.Ordinal), cancellationToken);
        }
        catch (NotaryException e) when (e.Kind == NotaryFailure.Conflict)
        {
            throw new ActionFailedException(TrustReasons.Contended, $"{publish.Gun} was published by somebody else at the same time: {e.Message}", e);
        }
        catch (NotaryException e) when (e.IsTransient)
        {
            throw new HttpRequestException(e.Message, e);
        }
        catch (NotaryException e)
        {
            throw new ActionFailedException(TrustReasons.NotaryRefused, e.Message, e);
        }
    }
}
