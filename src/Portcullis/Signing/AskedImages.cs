using System.Collections.Concurrent;
using Portcullis.Core.Signing;

namespace Portcullis.Signing;

/// <summary>What the declarations of one moment ask of images, worked out once for each image and place.</summary>
internal sealed class AskedImages(SigningModel model)
{
    /// <summary>Some hundred bytes each. Anybody may ask about any name, so that there must be a bound.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<(string Image, SigningPlace Place), AskedImage> _known = new();

    public SigningModel Model => model;

    public AskedImage Of(string image, SigningPlace place)
    {
        if (_known.TryGetValue((image, place), out var known))
        {
            return known;
        }

        var name = ImageName.TryParse(image);
        var asked = new AskedImage(image, name, model.Covering(name, place), model);
        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        // The length of what is no name has no limit.
        return name is null ? asked : _known.GetOrAdd((image, place), asked);
    }
}
