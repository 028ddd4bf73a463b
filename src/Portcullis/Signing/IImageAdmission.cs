using Portcullis.Core.Signing;

namespace Portcullis.Signing;

/// <summary>Which images may run, by the SigningPolicies in force and the signatures that can be verified.</summary>
internal interface IImageAdmission
{
    /// <summary>The strictest mode of any policy; <see cref="SigningMode.Off"/> when nothing is to be judged anywhere. Costs no request.</summary>
    SigningMode Strictest { get; }

    /// <summary>Decides about the images of one object. Images are judged at once; those of one repository share what is found out about it.</summary>
    /// <param name="images">As the object names them; each may be there several times.</param>
    /// <param name="namespace">Where the object is; null outside of any, where policies for collections and namespaces do not count.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>A decision for each image, in their order. What goes wrong is in the decisions, never thrown.</returns>
    ValueTask<ImageAdmission> DecideAsync(IReadOnlyList<string> images, string? @namespace, CancellationToken cancellationToken);
}
