extension SafetensorsFile {
  /// Tensors of a PyTorch `state_dict` that `safetensors.torch.save_model` left out because they share
  /// another's memory, which its metadata say.
  package var sharedTensors: [(removed: String, kept: String)] {
    metadata.filter { !contains($0.key) && contains($0.value) }
      .map { ($0.key, $0.value) }.sorted { $0 < $1 }
  }
}
