using Portcullis.Core.Kinds;

namespace Portcullis.Core.Sources;

/// <summary>The order in which the actions of a source start; see <see cref="ApplyAction"/>.</summary>
internal static class ApplyPhases
{
    public const int Inventory = 0;

    private const int OwnDefinitions = 1;
    private const int OwnKinds = 2;
    private const int OwnPrunes = 3;

    /// <summary>The stages of other kinds follow each other from here.</summary>
    private const int OtherKinds = 4;
    private const int OtherPrunes = OtherKinds + KindSet.Rest + 1;

    public const int Forget = OtherPrunes + 1;

    public static int OfWrite(DesiredObject target) => target.Identity switch
    {
        { Group: WellKnown.Group } => OwnKinds,
        { Kind: "CustomResourceDefinition" } identity when identity.Key.Name.EndsWith($".{WellKnown.Group}", StringComparison.Ordinal) => OwnDefinitions,
        _ => OtherKinds + target.Stage,
    };

    public static int OfPrune(ObjectIdentity identity) => identity.Group == WellKnown.Group ? OwnPrunes : OtherPrunes;
}
