using Portcullis.Clients.Registry;
using Portcullis.Core.Promotions;

namespace Portcullis.Promotions;

/// <summary>An image whose tag in the target is written.</summary>
/// <param name="Action">The promotion, as it was decided and recorded.</param>
/// <param name="Image">The image in the target.</param>
internal sealed record PromotedImage(PromotionAction.Promote Action, ImageDescriptor Image);
