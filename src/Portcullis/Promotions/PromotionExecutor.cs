using Portcullis.Actions;
using Portcullis.Clients.Registry;
using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Registries;

namespace Portcullis.Promotions;

/// <summary>Does what a plan of one policy says. A registry that is away is no image's fault: after a number of them the rest is not tried.</summary>
internal sealed class PromotionExecutor(PromotionObservation observed, ImagePromotion promotion) : IActionExecutor<PromotionAction>
{
    public Task<Attribution?> AttributeAsync(PromotionAction action, CancellationToken cancellationToken) => Task.FromResult<Attribution?>(null);

    public async Task ExecuteAsync(PromotionAction action, CancellationToken cancellationToken)
    {
        try
        {
            await (action switch
            {
                PromotionAction.Promote promote => promotion.PromoteAsync(
                    observed.Policy, promote, observed.Evidence.GetValueOrDefault(promote.Promotion.Digest) ?? ImageEvidence.None, cancellationToken),
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
            throw new ActionFailedException(PromotionReasons.RegistryRefused, e.Message, e);
        }
        catch (RegistryUnavailableException e)
        {
            throw new ActionFailedException(e.Reason, e.Message, e);
        }
    }
}
