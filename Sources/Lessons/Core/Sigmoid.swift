import Foundation

/// σ(x) = 1/(1 + e^−x), for what lessons predict without a network.
func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
