namespace Portcullis.Core.Scans;

/// <summary>How far the scan of an image is. Only a completed one says what the image has and has not.</summary>
public enum ImageScanState
{
    /// <summary>It waits for its turn, for the registry or for a vulnerability database.</summary>
    Pending,

    Completed,

    /// <summary>A part of the image could not be read, so that it may have more than was found.</summary>
    Incomplete,

    /// <summary>The image could not be read at all.</summary>
    Failed,

    /// <summary>It is no container image, so that there is nothing to be found.</summary>
    NotAnImage,
}
