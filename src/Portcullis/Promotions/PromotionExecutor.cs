using System.Collections.Concurrent;
using Portcullis.Actions;
using Portcullis.Clients.Registry;
using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Registries;

namespace Portcullis.Promotions;

/// <summary>Does what a plan of one policy says. A registry that is away is no image's fault: after a number of them the rest is not tried.</summary>
internal sealed class PromotionExecutor(PromotionObservation observed, ImagePromotion promotion) : IActionExecutor<PromotionAction>
{
    /// <summary>What the promotions of this plan came to, for their decision records; null for one that was done before.</summary>
    private readonly ConcurrentDictionary<string, PromotedImage?> _promoted = new(StringComparer.Ordinal);

    public Task<Attribution?> AttributeAsync(PromotionAction action, CancellationToken cancellationToken) => Task.FromResult<Attribution?>(null);

    public async Task ExecuteAsync(PromotionAction action, CancellationToken cancellationToken)
    {
        try
        {
            await (action switch
            {
                PromotionAction.Promote promote => PromoteAsync(promote, cancellationToken),
                PromotionAction.Accompany accompany => promotion.AccompanyAsync(observed.Policy, accompany, cancellationToken),
                PromotionAction.Document { Of: var promote } when _promoted.GetValueOrDefault(promote.Id) is { } promoted => promotion.DocumentAsync(
                    observed.Policy, promoted, observed.Evidence.GetValueOrDefault(promote.Promotion.Digest) ?? ImageEvidence.None, cancellationToken),
                PromotionAction.Document => Task.CompletedTask,
                PromotionAction.Decide decide => promotion.DecideAsync(observed.Policy, decide, cancellationToken),
                _ => throw new InvalidOperationException($"{action.GetType().Name} is no action of a promotion"),
            });
        }
        catch (RegistryException e) when (e.IsTransient)
        {
            throw new HttpRequestException(e.Message, e);
        }
        catch (RegistryException e)
        {
            throw new ActionFailedException(e.Kind == RegistryFailure.TooDeep ? PromotionReasons.ImageTooDeep : PromotionReasons.RegistryRefused, e.Message, e);
        }
        catch (RegistryUnavailableException e)
        {
            throw new ActionFailedException(e.Reason, e.Message, e);
        }
    }

    private async Task PromoteAsync(PromotionAction.Promote promote, CancellationToken cancellationToken) =>
        _promoted[promote.Id] = await promotion.PromoteAsync(observed.Policy, promote, cancellationToken);
}
